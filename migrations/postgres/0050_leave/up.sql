-- Leave: rules as dated tables, the balance as a ledger, requests, the days that they free, and the register of letters.

-- Documents of rules that BKD sets: each holds from its date until a later one of the same name. `version` counts changes
-- of the name for those of leave and letters, and of the date for those of recaps.
CREATE TABLE rule_table (
    name text COLLATE "C" NOT NULL CHECK (name IN (
        'leave_kinds', 'signer_rules', 'letter_registers', 'allowance', 'discipline', 'cases'
    )),
    effective_from date NOT NULL,
    body jsonb NOT NULL,
    version integer NOT NULL,
    updated_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (name, effective_from)
);

-- One row a person, raised first by whoever writes about their leave, so that two take turns.
CREATE TABLE leave_account (
    employee_id uuid NOT NULL PRIMARY KEY,
    service_from date,
    version integer NOT NULL
);

-- Rows are only added.
CREATE TABLE leave_entry (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    kind text NOT NULL CHECK (kind IN ('credit', 'opening', 'debit', 'return', 'expiry', 'forfeit')),
    days integer NOT NULL CHECK (days BETWEEN -400 AND 400),
    effective_on date NOT NULL,
    request_id uuid,
    reason text,
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (employee_id, id)
);
CREATE UNIQUE INDEX leave_entry_credit ON leave_entry (employee_id, year) WHERE kind = 'credit';

CREATE FUNCTION leave_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ledger of leave is only added to';
END $$;
CREATE TRIGGER leave_entry_keep BEFORE UPDATE OR DELETE ON leave_entry
FOR EACH ROW EXECUTE FUNCTION leave_entry_keep();
CREATE TRIGGER leave_entry_truncate BEFORE TRUNCATE ON leave_entry
FOR EACH STATEMENT EXECUTE FUNCTION leave_entry_keep();

CREATE TABLE leave_request (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    claim_digest bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('annual', 'long', 'sick', 'sick_miscarriage', 'maternity', 'important_reason', 'joint', 'unpaid')),
    first_day date NOT NULL,
    last_day date NOT NULL,
    days integer NOT NULL CHECK (days BETWEEN 0 AND 2000),
    work_days integer NOT NULL CHECK (work_days BETWEEN 0 AND 2000),
    reason text NOT NULL,
    evidence text,
    address text NOT NULL,
    phone text,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'balance_checked', 'considered', 'changed', 'decided',
        'letter_issued', 'withdrawn', 'cancelled', 'recalled')),
    authority text CHECK (authority IN ('agency_head', 'bkd_head', 'signer')),
    is_granted boolean NOT NULL,
    returned jsonb,
    checked jsonb,
    consideration jsonb,
    decision jsonb,
    taken jsonb,
    letter_id uuid,
    end_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (first_day <= last_day),
    CHECK (state IN ('draft', 'withdrawn') OR authority IS NOT NULL)
);
-- Ids are made by clients: whoever acts on a request knows its id and not yet its person.
CREATE INDEX leave_request_id ON leave_request (id);
CREATE INDEX leave_request_waiting ON leave_request (agency_code, state, id);
CREATE INDEX leave_request_authority ON leave_request (authority, state, id);

-- A day that a letter freed, with the assignment that it replaced, so that a recall can put it back.
CREATE TABLE leave_day (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    request_id uuid NOT NULL,
    replaced jsonb,
    PRIMARY KEY (employee_id, work_date)
);

CREATE TABLE letter (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('leave', 'periodic_salary_increase', 'credit_point_determination', 'promotion')),
    agency_code text COLLATE "C" NOT NULL,
    agency_name text NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    number text NOT NULL,
    letter_date date NOT NULL,
    holder_initials text NOT NULL,
    signer jsonb NOT NULL,
    facts jsonb NOT NULL,
    facts_sha256 bytea NOT NULL,
    verification_code text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('issued', 'revoked')),
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (employee_id, id),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);

-- The register itself: small rows that every instance reads, apart from the letters, which lie with their persons.
CREATE TABLE letter_number (
    issuer text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    employee_id uuid NOT NULL,
    letter_id uuid NOT NULL,
    verification_code text COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, kind, year, serial),
    CONSTRAINT letter_number_code UNIQUE (verification_code),
    CONSTRAINT letter_number_letter UNIQUE (letter_id)
);

CREATE TABLE letter_counter (
    issuer text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    last_serial integer NOT NULL,
    PRIMARY KEY (issuer, kind, year)
);
