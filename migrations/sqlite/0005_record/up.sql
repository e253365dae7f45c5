-- What was done, who looked, what people were told, and answers kept for retries.
CREATE TABLE event (
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account_id BLOB,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    reason TEXT,
    agency_code TEXT,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_agency ON event (agency_code, at) WHERE agency_code IS NOT NULL;

CREATE TABLE disclosure (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    account_id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (employee_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER,
    handed_over_at INTEGER,
    handed_over_by BLOB,
    PRIMARY KEY (employee_id, id)
) STRICT, WITHOUT ROWID;

-- What officials who are on no staff list are told.
CREATE TABLE account_notice (
    account_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    account_id BLOB NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, operation, key)
) STRICT, WITHOUT ROWID;
