-- Recaps: outages, closed versions with a line a person, and the right of correction.
CREATE TABLE outage (
    id BLOB NOT NULL PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('all', 'agency', 'region')),
    scope_code TEXT,
    reason TEXT NOT NULL,
    declared_by BLOB NOT NULL,
    declared_at INTEGER NOT NULL,
    withdrawn_by BLOB,
    withdrawn_at INTEGER,
    CHECK (to_at > from_at),
    CHECK ((scope_kind = 'all') = (scope_code IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))
) STRICT;
CREATE INDEX outage_to ON outage (to_at);

-- The service's own health record: one row a run of an instance, moved on while it lives. What lies between is an outage.
CREATE TABLE instance_run (
    id BLOB NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    CHECK (last_seen_at >= started_at)
) STRICT;
CREATE INDEX instance_run_seen ON instance_run (last_seen_at);

CREATE TABLE recap_setting (
    agency_code TEXT NOT NULL PRIMARY KEY REFERENCES agency (code),
    government TEXT,
    place TEXT,
    officer_id BLOB,
    head_id BLOB,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recap_version (
    agency_code TEXT NOT NULL REFERENCES agency (code),
    month TEXT NOT NULL CHECK (length(month) = 7),
    version INTEGER NOT NULL CHECK (version >= 1),
    heading TEXT NOT NULL,
    people INTEGER NOT NULL,
    digest BLOB NOT NULL,
    note TEXT,
    closed_by BLOB NOT NULL,
    closed_by_name TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    PRIMARY KEY (agency_code, month, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE recap_line (
    employee_id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    month TEXT NOT NULL,
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    line TEXT NOT NULL,
    PRIMARY KEY (employee_id, agency_code, month, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX recap_line_ordinal ON recap_line (agency_code, month, version, ordinal);

CREATE TRIGGER recap_version_update BEFORE UPDATE ON recap_version
BEGIN SELECT RAISE(ABORT, 'a closed recap never changes'); END;
CREATE TRIGGER recap_line_update BEFORE UPDATE ON recap_line
BEGIN SELECT RAISE(ABORT, 'a closed recap never changes'); END;

CREATE TABLE correction (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    claim_digest BLOB NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER CHECK (slot BETWEEN 1 AND 3),
    wish TEXT NOT NULL CHECK (wish IN ('attended', 'permission', 'mode')),
    mode TEXT CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    reason TEXT NOT NULL,
    link TEXT,
    state TEXT NOT NULL CHECK (state IN ('submitted', 'considered', 'accepted', 'refused')),
    submitted_at INTEGER NOT NULL,
    is_supported INTEGER,
    consideration_note TEXT,
    considered_by BLOB,
    considered_at INTEGER,
    decision_note TEXT,
    decided_by BLOB,
    decided_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK ((wish = 'mode') = (mode IS NOT NULL)),
    CHECK (slot IS NULL OR wish = 'attended'),
    CHECK ((considered_by IS NULL) = (is_supported IS NULL)),
    CHECK (considered_by IS NULL OR considered_by <> employee_id),
    CHECK ((decided_by IS NULL) = (state IN ('submitted', 'considered')))
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_agency ON correction (agency_code, work_date);

-- To which date an agency's days were looked through for people who came to a level of absence.
CREATE TABLE absence_watch (
    agency_code TEXT NOT NULL PRIMARY KEY REFERENCES agency (code),
    done_to TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The levels that people were told of, each once a year whatever is counted anew.
CREATE TABLE absence_notice (
    employee_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('cumulative', 'consecutive')),
    min_days INTEGER NOT NULL CHECK (min_days >= 1),
    told_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, year, basis, min_days)
) STRICT, WITHOUT ROWID;
