-- Leave: rules as dated tables, the balance as a ledger, requests, the days that they free, and the register of letters.

-- Documents of rules that BKD sets: each holds from its date until a later one of the same name. `version` counts changes
-- of the name for those of leave and letters, and of the date for those of recaps.
CREATE TABLE rule_table (
    name TEXT NOT NULL CHECK (name IN (
        'leave_kinds', 'signer_rules', 'letter_registers', 'allowance', 'discipline', 'cases'
    )),
    effective_from TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_by BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (name, effective_from)
) STRICT, WITHOUT ROWID;

-- One row a person, raised first by whoever writes about their leave, so that two take turns.
CREATE TABLE leave_account (
    employee_id BLOB NOT NULL PRIMARY KEY,
    service_from TEXT,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows are only added.
CREATE TABLE leave_entry (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    kind TEXT NOT NULL CHECK (kind IN ('credit', 'opening', 'debit', 'return', 'expiry', 'forfeit')),
    days INTEGER NOT NULL CHECK (days BETWEEN -400 AND 400),
    effective_on TEXT NOT NULL,
    request_id BLOB,
    reason TEXT,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX leave_entry_credit ON leave_entry (employee_id, year) WHERE kind = 'credit';

CREATE TRIGGER leave_entry_update BEFORE UPDATE ON leave_entry
BEGIN SELECT RAISE(ABORT, 'a ledger of leave is only added to'); END;
CREATE TRIGGER leave_entry_delete BEFORE DELETE ON leave_entry
BEGIN SELECT RAISE(ABORT, 'a ledger of leave is only added to'); END;

CREATE TABLE leave_request (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    claim_digest BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN
        ('annual', 'long', 'sick', 'sick_miscarriage', 'maternity', 'important_reason', 'joint', 'unpaid')),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 2000),
    work_days INTEGER NOT NULL CHECK (work_days BETWEEN 0 AND 2000),
    reason TEXT NOT NULL,
    evidence TEXT,
    address TEXT NOT NULL,
    phone TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'balance_checked', 'considered', 'changed', 'decided',
        'letter_issued', 'withdrawn', 'cancelled', 'recalled')),
    authority TEXT CHECK (authority IN ('agency_head', 'bkd_head', 'signer')),
    is_granted INTEGER NOT NULL,
    returned TEXT,
    checked TEXT,
    consideration TEXT,
    decision TEXT,
    taken TEXT,
    letter_id BLOB,
    end_reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (first_day <= last_day),
    CHECK (state IN ('draft', 'withdrawn') OR authority IS NOT NULL)
) STRICT, WITHOUT ROWID;
-- Ids are made by clients: whoever acts on a request knows its id and not yet its person.
CREATE INDEX leave_request_id ON leave_request (id);
CREATE INDEX leave_request_waiting ON leave_request (agency_code, state, id);
CREATE INDEX leave_request_authority ON leave_request (authority, state, id);

-- A day that a letter freed, with the assignment that it replaced, so that a recall can put it back.
CREATE TABLE leave_day (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    request_id BLOB NOT NULL,
    replaced TEXT,
    PRIMARY KEY (employee_id, work_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE letter (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN
        ('leave', 'periodic_salary_increase', 'credit_point_determination', 'promotion')),
    agency_code TEXT NOT NULL,
    agency_name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial > 0),
    number TEXT NOT NULL,
    letter_date TEXT NOT NULL,
    holder_initials TEXT NOT NULL,
    signer TEXT NOT NULL,
    facts TEXT NOT NULL,
    facts_sha256 BLOB NOT NULL,
    verification_code TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('issued', 'revoked')),
    issued_by BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (employee_id, id),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The register itself: small rows that every instance reads, apart from the letters, which lie with their persons.
CREATE TABLE letter_number (
    issuer TEXT NOT NULL,
    kind TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial > 0),
    employee_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    verification_code TEXT NOT NULL,
    PRIMARY KEY (issuer, kind, year, serial),
    CONSTRAINT letter_number_code UNIQUE (verification_code),
    CONSTRAINT letter_number_letter UNIQUE (letter_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE letter_counter (
    issuer TEXT NOT NULL,
    kind TEXT NOT NULL,
    year INTEGER NOT NULL,
    last_serial INTEGER NOT NULL,
    PRIMARY KEY (issuer, kind, year)
) STRICT, WITHOUT ROWID;
