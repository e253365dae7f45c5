-- What was done, who looked, what people were told, and answers kept for retries.
CREATE TABLE event (
    subject_kind text NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    action text NOT NULL,
    from_state text,
    to_state text,
    reason text,
    agency_code text COLLATE "C",
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, sequence)
);

CREATE INDEX event_agency ON event (agency_code, at) WHERE agency_code IS NOT NULL;

CREATE TABLE disclosure (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    fields text NOT NULL,
    PRIMARY KEY (employee_id, id)
);

CREATE TABLE notice (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    params jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz,
    handed_over_at timestamptz,
    handed_over_by uuid,
    PRIMARY KEY (employee_id, id)
);

-- What officials who are on no staff list are told.
CREATE TABLE account_notice (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    params jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE idempotency (
    account_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_digest bytea NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, operation, key)
);
