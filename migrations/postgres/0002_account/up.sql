-- Who signs in, with which roles, from which devices.
CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    username text COLLATE "C" NOT NULL CONSTRAINT account_username_unique UNIQUE,
    employee_id uuid,
    display_name text NOT NULL,
    password_hash text,
    state text NOT NULL CHECK (state IN ('pending', 'active', 'disabled')),
    created_at timestamptz NOT NULL,
    password_set_at timestamptz
);
-- Names are told apart without regard to case.
CREATE UNIQUE INDEX account_username_case_unique ON account (lower(username));
CREATE UNIQUE INDEX account_employee_unique ON account (employee_id);

-- An agency code of '' means that the role is not bound to an agency.
CREATE TABLE role_grant (
    account_id uuid NOT NULL REFERENCES account (id),
    role text NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    granted_at timestamptz NOT NULL,
    granted_by uuid,
    revoked_at timestamptz,
    PRIMARY KEY (account_id, role, agency_code, granted_at)
);

CREATE TABLE session (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    device_id text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text CHECK (revoked_reason IN ('signed_out', 'reused', 'password_changed', 'role_revoked', 'disabled'))
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL;

-- Only digests are stored. A successor is derived from its predecessor, so a repeated request gives the same one.
CREATE TABLE refresh_token (
    digest bytea NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    generation integer NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT refresh_token_generation_unique UNIQUE (session_id, generation)
);

-- A browser holds a cookie in place of tokens; only its digest is stored. It ends with its session, or some time after it
-- was last used.
CREATE TABLE browser_session (
    digest bytea NOT NULL PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    seen_at timestamptz NOT NULL,
    CONSTRAINT browser_session_session_unique UNIQUE (session_id)
);

CREATE TABLE known_device (
    account_id uuid NOT NULL REFERENCES account (id),
    device_id text COLLATE "C" NOT NULL,
    first_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, device_id)
);

-- A device_id of '' counts the failures of all devices that the account has never signed in from.
CREATE TABLE sign_in_failure (
    username text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (username, device_id)
);

CREATE TABLE activation_code (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
