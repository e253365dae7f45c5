-- What agencies seal and send to BKD. A slot of 0 stands for all slots of the dates.
CREATE TABLE batch (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    from_date date NOT NULL,
    to_date date NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 3),
    version integer NOT NULL CHECK (version >= 1),
    state text NOT NULL CHECK (state IN ('open', 'sealed', 'submitted', 'received', 'accepted', 'rejected')),
    supersedes_id uuid REFERENCES batch (id),
    opened_at timestamptz NOT NULL,
    prepared_by uuid,
    prepared_by_name text,
    sealed_at timestamptz,
    manifest text,
    manifest_sha256 bytea,
    rows_root bytea,
    supplement_due_at timestamptz,
    submitted_at timestamptz,
    submitted_by uuid,
    submitted_by_name text,
    approved_by uuid,
    approved_by_name text,
    received_at timestamptz,
    receipt_number text,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    findings jsonb NOT NULL,
    answers jsonb NOT NULL,
    CONSTRAINT batch_version_unique UNIQUE (agency_code, from_date, to_date, slot, version),
    CHECK (to_date >= from_date AND (slot = 0 OR to_date = from_date)),
    CHECK ((state = 'open') = (manifest IS NULL)),
    CHECK (approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by)
);
CREATE INDEX batch_dates ON batch (to_date, from_date);
CREATE INDEX batch_supplement ON batch (supplement_due_at) WHERE supplement_due_at IS NOT NULL;

-- The sealed files in pieces of whole lines, so that any instance can stream them: file 1 is rows.ndjson, 2 cells.ndjson.
CREATE TABLE batch_chunk (
    batch_id uuid NOT NULL REFERENCES batch (id),
    file smallint NOT NULL CHECK (file IN (1, 2)),
    sequence integer NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (batch_id, file, sequence)
);

CREATE FUNCTION batch_chunk_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch_state text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'rows of a batch never change';
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a sealed batch keeps its rows';
    END IF;
    SELECT state INTO batch_state FROM batch
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.batch_id ELSE NEW.batch_id END;
    IF batch_state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'a sealed batch keeps its rows';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_chunk_keep BEFORE INSERT OR UPDATE OR DELETE ON batch_chunk
FOR EACH ROW EXECUTE FUNCTION batch_chunk_keep();
CREATE TRIGGER batch_chunk_truncate BEFORE TRUNCATE ON batch_chunk
FOR EACH STATEMENT EXECUTE FUNCTION batch_chunk_keep();

CREATE FUNCTION batch_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a sealed batch is never deleted';
    END IF;
    IF OLD.state = 'open' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sealed batch is never deleted';
    END IF;
    IF NEW.state = 'open' OR (NEW.state = 'sealed' AND OLD.state <> 'sealed')
        OR (NEW.id, NEW.agency_code, NEW.from_date, NEW.to_date, NEW.slot, NEW.version, NEW.supersedes_id, NEW.opened_at,
            NEW.prepared_by, NEW.prepared_by_name, NEW.sealed_at, NEW.manifest, NEW.manifest_sha256,
            NEW.rows_root)
        IS DISTINCT FROM (OLD.id, OLD.agency_code, OLD.from_date, OLD.to_date, OLD.slot, OLD.version, OLD.supersedes_id,
            OLD.opened_at, OLD.prepared_by, OLD.prepared_by_name, OLD.sealed_at, OLD.manifest, OLD.manifest_sha256,
            OLD.rows_root)
    THEN
        RAISE EXCEPTION 'a sealed batch never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_keep BEFORE UPDATE OR DELETE ON batch FOR EACH ROW EXECUTE FUNCTION batch_keep();
CREATE TRIGGER batch_truncate BEFORE TRUNCATE ON batch FOR EACH STATEMENT EXECUTE FUNCTION batch_keep();

-- How an agency's batches come about; an agency without a row seals and sends by hand, one person alone.
CREATE TABLE batch_setting (
    agency_code text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES agency (code),
    seals_at_close boolean NOT NULL,
    needs_second_person boolean NOT NULL,
    version integer NOT NULL
);
