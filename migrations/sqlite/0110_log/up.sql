-- Transparency logs (api-spec/log-format.md). An entry is added in the transaction of what it tells, takes its place in
-- the log once, and never changes.
CREATE TABLE log (
    name TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    edge BLOB NOT NULL,
    CONSTRAINT log_origin_unique UNIQUE (origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_entry (
    id BLOB NOT NULL PRIMARY KEY,
    log_name TEXT NOT NULL,
    position INTEGER CHECK (position >= 0),
    added_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT log_entry_position_unique UNIQUE (log_name, position)
) STRICT;
CREATE INDEX log_entry_waiting ON log_entry (log_name, added_at, id) WHERE position IS NULL;
CREATE INDEX log_entry_subject ON log_entry (subject, added_at);

-- What an entry only commits to: the salt and the private record, sealed with a data key, so that it can be forgotten.
CREATE TABLE log_opening (
    entry_id BLOB NOT NULL PRIMARY KEY REFERENCES log_entry (id),
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Hashes of the tree, up to 256 a row (C2SP tlog-tiles). The last row of a level grows.
CREATE TABLE log_tile (
    log_name TEXT NOT NULL REFERENCES log (name),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
    number INTEGER NOT NULL CHECK (number >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (log_name, level, number)
) STRICT, WITHOUT ROWID;

-- What was signed: the note as it was given out, to the byte.
CREATE TABLE log_checkpoint (
    log_name TEXT NOT NULL REFERENCES log (name),
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    signed_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log_name, size)
) STRICT, WITHOUT ROWID;

-- Signature lines of witnesses under a checkpoint.
CREATE TABLE log_cosignature (
    log_name TEXT NOT NULL,
    size INTEGER NOT NULL,
    witness TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (log_name, size, witness),
    FOREIGN KEY (log_name, size) REFERENCES log_checkpoint (log_name, size)
) STRICT, WITHOUT ROWID;

-- As a witness of other logs: the last state of each that was cosigned here.
CREATE TABLE witnessed_log (
    origin TEXT NOT NULL PRIMARY KEY,
    verifying_key TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    cosignature TEXT NOT NULL,
    witnessed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Two roots of one size under one signature: kept for good.
CREATE TABLE witnessed_fork (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    other_note TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size, root)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER log_entry_update BEFORE UPDATE ON log_entry
WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NEW.id IS NOT OLD.id OR NEW.log_name IS NOT OLD.log_name
    OR NEW.added_at IS NOT OLD.added_at OR NEW.kind IS NOT OLD.kind OR NEW.subject IS NOT OLD.subject
    OR NEW.content IS NOT OLD.content
BEGIN SELECT RAISE(ABORT, 'an entry of a log never changes'); END;
CREATE TRIGGER log_entry_delete BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'an entry of a log never changes'); END;
CREATE TRIGGER log_checkpoint_update BEFORE UPDATE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER log_checkpoint_delete BEFORE DELETE ON log_checkpoint
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER log_cosignature_update BEFORE UPDATE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER log_cosignature_delete BEFORE DELETE ON log_cosignature
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER witnessed_fork_update BEFORE UPDATE ON witnessed_fork
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
CREATE TRIGGER witnessed_fork_delete BEFORE DELETE ON witnessed_fork
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
