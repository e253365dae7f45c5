-- Who signs in, with which roles, from which devices.
CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL CONSTRAINT account_username_unique UNIQUE,
    employee_id BLOB,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'disabled')),
    created_at INTEGER NOT NULL,
    password_set_at INTEGER
) STRICT;
-- Names are told apart without regard to case.
CREATE UNIQUE INDEX account_username_case_unique ON account (lower(username));
CREATE UNIQUE INDEX account_employee_unique ON account (employee_id);

-- An agency code of '' means that the role is not bound to an agency.
CREATE TABLE role_grant (
    account_id BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    agency_code TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by BLOB,
    revoked_at INTEGER,
    PRIMARY KEY (account_id, role, agency_code, granted_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT CHECK (revoked_reason IN ('signed_out', 'reused', 'password_changed', 'role_revoked', 'disabled'))
) STRICT;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL;

-- Only digests are stored. A successor is derived from its predecessor, so a repeated request gives the same one.
CREATE TABLE refresh_token (
    digest BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES session (id),
    generation INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    used_at INTEGER,
    CONSTRAINT refresh_token_generation_unique UNIQUE (session_id, generation)
) STRICT, WITHOUT ROWID;

-- A browser holds a cookie in place of tokens; only its digest is stored. It ends with its session, or some time after it
-- was last used.
CREATE TABLE browser_session (
    digest BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES session (id),
    seen_at INTEGER NOT NULL,
    CONSTRAINT browser_session_session_unique UNIQUE (session_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE known_device (
    account_id BLOB NOT NULL REFERENCES account (id),
    device_id TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, device_id)
) STRICT, WITHOUT ROWID;

-- A device_id of '' counts the failures of all devices that the account has never signed in from.
CREATE TABLE sign_in_failure (
    username TEXT NOT NULL,
    device_id TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (username, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation_code (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
