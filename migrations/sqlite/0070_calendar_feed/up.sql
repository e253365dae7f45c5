-- The address under which a person's calendar program reads their slots; only its digest is kept.
CREATE TABLE calendar_feed (
    employee_id BLOB NOT NULL PRIMARY KEY,
    token_digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT calendar_feed_token_unique UNIQUE (token_digest)
) STRICT, WITHOUT ROWID;
