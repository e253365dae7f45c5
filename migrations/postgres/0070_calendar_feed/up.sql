-- The address under which a person's calendar program reads their slots; only its digest is kept.
CREATE TABLE calendar_feed (
    employee_id uuid NOT NULL PRIMARY KEY,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT calendar_feed_token_unique UNIQUE (token_digest)
);
