-- What agencies seal and send to BKD. A slot of 0 stands for all slots of the dates.
CREATE TABLE batch (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 3),
    version INTEGER NOT NULL CHECK (version >= 1),
    state TEXT NOT NULL CHECK (state IN ('open', 'sealed', 'submitted', 'received', 'accepted', 'rejected')),
    supersedes_id BLOB REFERENCES batch (id),
    opened_at INTEGER NOT NULL,
    prepared_by BLOB,
    prepared_by_name TEXT,
    sealed_at INTEGER,
    manifest TEXT,
    manifest_sha256 BLOB,
    rows_root BLOB,
    supplement_due_at INTEGER,
    submitted_at INTEGER,
    submitted_by BLOB,
    submitted_by_name TEXT,
    approved_by BLOB,
    approved_by_name TEXT,
    received_at INTEGER,
    receipt_number TEXT,
    decided_at INTEGER,
    decided_by BLOB,
    decided_by_name TEXT,
    findings TEXT NOT NULL,
    answers TEXT NOT NULL,
    CONSTRAINT batch_version_unique UNIQUE (agency_code, from_date, to_date, slot, version),
    CHECK (to_date >= from_date AND (slot = 0 OR to_date = from_date)),
    CHECK ((state = 'open') = (manifest IS NULL)),
    CHECK (approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by)
) STRICT;
CREATE INDEX batch_dates ON batch (to_date, from_date);
CREATE INDEX batch_supplement ON batch (supplement_due_at) WHERE supplement_due_at IS NOT NULL;

-- The sealed files in pieces of whole lines, so that any instance can stream them: file 1 is rows.ndjson, 2 cells.ndjson.
CREATE TABLE batch_chunk (
    batch_id BLOB NOT NULL REFERENCES batch (id),
    file INTEGER NOT NULL CHECK (file IN (1, 2)),
    sequence INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (batch_id, file, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER batch_chunk_insert BEFORE INSERT ON batch_chunk
WHEN (SELECT state FROM batch WHERE id = NEW.batch_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a sealed batch takes no more rows'); END;
CREATE TRIGGER batch_chunk_update BEFORE UPDATE ON batch_chunk
BEGIN SELECT RAISE(ABORT, 'rows of a batch never change'); END;
CREATE TRIGGER batch_chunk_delete BEFORE DELETE ON batch_chunk
WHEN (SELECT state FROM batch WHERE id = OLD.batch_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a sealed batch keeps its rows'); END;
CREATE TRIGGER batch_update BEFORE UPDATE ON batch
WHEN OLD.state <> 'open' AND (
    NEW.state = 'open' OR (NEW.state = 'sealed' AND OLD.state <> 'sealed')
    OR NEW.id IS NOT OLD.id OR NEW.agency_code IS NOT OLD.agency_code OR NEW.from_date IS NOT OLD.from_date
    OR NEW.to_date IS NOT OLD.to_date OR NEW.slot IS NOT OLD.slot OR NEW.version IS NOT OLD.version
    OR NEW.supersedes_id IS NOT OLD.supersedes_id OR NEW.opened_at IS NOT OLD.opened_at
    OR NEW.prepared_by IS NOT OLD.prepared_by OR NEW.prepared_by_name IS NOT OLD.prepared_by_name
    OR NEW.sealed_at IS NOT OLD.sealed_at OR NEW.manifest IS NOT OLD.manifest
    OR NEW.manifest_sha256 IS NOT OLD.manifest_sha256 OR NEW.rows_root IS NOT OLD.rows_root
)
BEGIN SELECT RAISE(ABORT, 'a sealed batch never changes'); END;
CREATE TRIGGER batch_delete BEFORE DELETE ON batch WHEN OLD.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'a sealed batch is never deleted'); END;

-- How an agency's batches come about; an agency without a row seals and sends by hand, one person alone.
CREATE TABLE batch_setting (
    agency_code TEXT NOT NULL PRIMARY KEY REFERENCES agency (code),
    seals_at_close INTEGER NOT NULL,
    needs_second_person INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
