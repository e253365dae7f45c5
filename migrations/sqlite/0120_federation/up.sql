-- Agencies that run an instance of their own, and the key of the log in which they seal batches.
CREATE TABLE federated_agency (
    agency_code TEXT NOT NULL PRIMARY KEY REFERENCES agency (code),
    origin TEXT NOT NULL,
    verifying_key TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by BLOB NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT federated_agency_origin_unique UNIQUE (origin)
) STRICT, WITHOUT ROWID;

-- What came from another instance and was taken: the checkpoint that was cosigned, and the answer that was given.
CREATE TABLE received_dispatch (
    batch_id BLOB NOT NULL PRIMARY KEY REFERENCES batch (id),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    note TEXT NOT NULL,
    receipt TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    CONSTRAINT received_dispatch_sha256_unique UNIQUE (sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX received_dispatch_checkpoint ON received_dispatch (origin, size);

-- The positions that came with a dispatch, each sealed to BKD's key. They are forgotten like positions, by their work date.
CREATE TABLE sealed_opening (
    work_date TEXT NOT NULL,
    batch_id BLOB NOT NULL REFERENCES batch (id),
    unit TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (work_date, batch_id, unit)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sealed_opening_insert BEFORE INSERT ON sealed_opening
WHEN (SELECT state FROM batch WHERE id = NEW.batch_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a sealed batch takes no more positions'); END;
CREATE TRIGGER sealed_opening_update BEFORE UPDATE ON sealed_opening
BEGIN SELECT RAISE(ABORT, 'a sealed position never changes'); END;

-- What this instance made for BKD's: the file lies in the data directory. The problem is what BKD answered last, to the
-- letter and by its name.
CREATE TABLE dispatch (
    batch_id BLOB NOT NULL PRIMARY KEY REFERENCES batch (id),
    sha256 BLOB CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL,
    from_size INTEGER NOT NULL,
    made_at INTEGER,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    problem TEXT,
    problem_code TEXT,
    CHECK ((problem IS NULL) = (problem_code IS NULL)),
    CHECK ((sha256 IS NULL) = (made_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX dispatch_next ON dispatch (next_attempt_at);

-- BKD's proof that it holds a batch of this instance, as it was answered.
CREATE TABLE batch_proof (
    batch_id BLOB NOT NULL PRIMARY KEY REFERENCES batch (id),
    size INTEGER NOT NULL CHECK (size > 0),
    content TEXT NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the cases of BKD's audits came to, of slots of this instance's people; read there again and again.
CREATE TABLE received_verdict (
    unit TEXT NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL,
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 3),
    outcome TEXT NOT NULL CHECK (outcome IN ('upheld', 'withdrawn', 'inconclusive')),
    decided_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX received_verdict_person ON received_verdict (employee_id, work_date);

CREATE TRIGGER received_dispatch_update BEFORE UPDATE ON received_dispatch
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER received_dispatch_delete BEFORE DELETE ON received_dispatch
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER batch_proof_update BEFORE UPDATE ON batch_proof
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER batch_proof_delete BEFORE DELETE ON batch_proof
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
