-- Agencies that run an instance of their own, and the key of the log in which they seal batches.
CREATE TABLE federated_agency (
    agency_code text NOT NULL PRIMARY KEY REFERENCES agency (code),
    origin text NOT NULL,
    verifying_key text NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by uuid NOT NULL,
    version integer NOT NULL,
    CONSTRAINT federated_agency_origin_unique UNIQUE (origin)
);

-- What came from another instance and was taken: the checkpoint that was cosigned, and the answer that was given.
CREATE TABLE received_dispatch (
    batch_id uuid NOT NULL PRIMARY KEY REFERENCES batch (id),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    origin text NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    note text NOT NULL,
    receipt text NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT received_dispatch_sha256_unique UNIQUE (sha256)
);
CREATE INDEX received_dispatch_checkpoint ON received_dispatch (origin, size);

-- What this instance made for BKD's: the file lies in the data directory. The problem is what BKD answered last, to the
-- letter and by its name.
CREATE TABLE dispatch (
    batch_id uuid NOT NULL PRIMARY KEY REFERENCES batch (id),
    sha256 bytea CHECK (length(sha256) = 32),
    bytes bigint NOT NULL,
    from_size bigint NOT NULL,
    made_at timestamptz,
    attempts integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    problem text,
    problem_code text,
    CHECK ((problem IS NULL) = (problem_code IS NULL)),
    CHECK ((sha256 IS NULL) = (made_at IS NULL))
);
CREATE INDEX dispatch_next ON dispatch (next_attempt_at);

-- BKD's proof that it holds a batch of this instance, as it was answered.
CREATE TABLE batch_proof (
    batch_id uuid NOT NULL PRIMARY KEY REFERENCES batch (id),
    size bigint NOT NULL CHECK (size > 0),
    content text NOT NULL,
    kept_at timestamptz NOT NULL
);

CREATE TRIGGER received_dispatch_keep BEFORE UPDATE OR DELETE ON received_dispatch FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER received_dispatch_truncate BEFORE TRUNCATE ON received_dispatch FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
CREATE TRIGGER batch_proof_keep BEFORE UPDATE OR DELETE ON batch_proof FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER batch_proof_truncate BEFORE TRUNCATE ON batch_proof FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
