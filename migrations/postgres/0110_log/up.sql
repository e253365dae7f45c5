-- Transparency logs (api-spec/log-format.md). An entry is added in the transaction of what it tells, takes its place in
-- the log once, and never changes.
CREATE TABLE log (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    origin text COLLATE "C" NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    edge bytea NOT NULL,
    CONSTRAINT log_origin_unique UNIQUE (origin)
);

CREATE TABLE log_entry (
    id uuid NOT NULL PRIMARY KEY,
    log_name text COLLATE "C" NOT NULL,
    position bigint CHECK (position >= 0),
    added_at timestamptz NOT NULL,
    kind text NOT NULL,
    subject text COLLATE "C" NOT NULL,
    content text NOT NULL,
    CONSTRAINT log_entry_position_unique UNIQUE (log_name, position)
);
CREATE INDEX log_entry_waiting ON log_entry (log_name, added_at, id) WHERE position IS NULL;
CREATE INDEX log_entry_subject ON log_entry (subject, added_at);

-- What an entry only commits to: the salt and the private record, sealed with a data key, so that it can be forgotten.
CREATE TABLE log_opening (
    entry_id uuid NOT NULL PRIMARY KEY REFERENCES log_entry (id),
    key_id uuid NOT NULL,
    sealed bytea NOT NULL
);

-- Hashes of the tree, up to 256 a row (C2SP tlog-tiles). The last row of a level grows.
CREATE TABLE log_tile (
    log_name text COLLATE "C" NOT NULL REFERENCES log (name),
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (log_name, level, number)
);

-- What was signed: the note as it was given out, to the byte.
CREATE TABLE log_checkpoint (
    log_name text COLLATE "C" NOT NULL REFERENCES log (name),
    size bigint NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    signed_at timestamptz NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (log_name, size)
);

-- Signature lines of witnesses under a checkpoint.
CREATE TABLE log_cosignature (
    log_name text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    witness text COLLATE "C" NOT NULL,
    signed_at timestamptz NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (log_name, size, witness),
    FOREIGN KEY (log_name, size) REFERENCES log_checkpoint (log_name, size)
);

-- As a witness of other logs: the last state of each that was cosigned here.
CREATE TABLE witnessed_log (
    origin text COLLATE "C" NOT NULL PRIMARY KEY,
    verifying_key text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,
    cosignature text NOT NULL,
    witnessed_at timestamptz NOT NULL
);

-- Two roots of one size under one signature: kept for good.
CREATE TABLE witnessed_fork (
    origin text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,
    other_note text NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (origin, size, root)
);

CREATE FUNCTION log_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
        AND (NEW.id, NEW.log_name, NEW.added_at, NEW.kind, NEW.subject, NEW.content)
            IS NOT DISTINCT FROM (OLD.id, OLD.log_name, OLD.added_at, OLD.kind, OLD.subject, OLD.content)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an entry of a log never changes';
END $$;
CREATE TRIGGER log_entry_keep BEFORE UPDATE OR DELETE ON log_entry FOR EACH ROW EXECUTE FUNCTION log_entry_keep();
CREATE TRIGGER log_entry_truncate BEFORE TRUNCATE ON log_entry FOR EACH STATEMENT EXECUTE FUNCTION log_entry_keep();

CREATE FUNCTION log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed never changes';
END $$;
CREATE TRIGGER log_checkpoint_keep BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_checkpoint_truncate BEFORE TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_cosignature_keep BEFORE UPDATE OR DELETE ON log_cosignature FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER log_cosignature_truncate BEFORE TRUNCATE ON log_cosignature FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
CREATE TRIGGER witnessed_fork_keep BEFORE UPDATE OR DELETE ON witnessed_fork FOR EACH ROW EXECUTE FUNCTION log_keep();
CREATE TRIGGER witnessed_fork_truncate BEFORE TRUNCATE ON witnessed_fork FOR EACH STATEMENT EXECUTE FUNCTION log_keep();
