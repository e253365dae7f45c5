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

-- The positions that came with a dispatch, each sealed to BKD's key. They are forgotten like positions, by their work date.
CREATE TABLE sealed_opening (
    work_date date NOT NULL,
    batch_id uuid NOT NULL REFERENCES batch (id),
    unit text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (work_date, batch_id, unit)
);

CREATE FUNCTION sealed_opening_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a sealed position never changes';
    END IF;
    IF (SELECT state FROM batch WHERE id = NEW.batch_id) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'a sealed batch takes no more positions';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sealed_opening_keep BEFORE INSERT OR UPDATE ON sealed_opening
FOR EACH ROW EXECUTE FUNCTION sealed_opening_keep();

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

-- What the cases of BKD's audits came to, of slots of this instance's people; read there again and again.
CREATE TABLE received_verdict (
    unit text COLLATE "C" NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL,
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 1 AND 3),
    outcome text NOT NULL CHECK (outcome IN ('upheld', 'withdrawn', 'inconclusive')),
    decided_at timestamptz NOT NULL
);
CREATE INDEX received_verdict_person ON received_verdict (employee_id, work_date);

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
