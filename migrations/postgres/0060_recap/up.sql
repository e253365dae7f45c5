-- Recaps: outages, closed versions with a line a person, and the right of correction.
CREATE TABLE outage (
    id uuid NOT NULL PRIMARY KEY,
    from_at timestamptz NOT NULL,
    to_at timestamptz NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('all', 'agency', 'region')),
    scope_code text COLLATE "C",
    reason text NOT NULL,
    declared_by uuid NOT NULL,
    declared_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    CHECK (to_at > from_at),
    CHECK ((scope_kind = 'all') = (scope_code IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))
);
CREATE INDEX outage_to ON outage (to_at);

-- The service's own health record: one row a run of an instance, moved on while it lives. What lies between is an outage.
CREATE TABLE instance_run (
    id uuid NOT NULL PRIMARY KEY,
    started_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CHECK (last_seen_at >= started_at)
);
CREATE INDEX instance_run_seen ON instance_run (last_seen_at);

CREATE TABLE recap_setting (
    agency_code text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES agency (code),
    government text,
    place text,
    officer_id uuid,
    head_id uuid,
    version integer NOT NULL
);

CREATE TABLE recap_version (
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    month text COLLATE "C" NOT NULL CHECK (length(month) = 7),
    version integer NOT NULL CHECK (version >= 1),
    heading jsonb NOT NULL,
    people integer NOT NULL,
    digest bytea NOT NULL,
    note text,
    closed_by uuid NOT NULL,
    closed_by_name text NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (agency_code, month, version)
);

CREATE TABLE recap_line (
    employee_id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal >= 1),
    line jsonb NOT NULL,
    PRIMARY KEY (employee_id, agency_code, month, version)
);
CREATE INDEX recap_line_ordinal ON recap_line (agency_code, month, version, ordinal);

CREATE FUNCTION recap_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a closed recap never changes';
END $$;
CREATE TRIGGER recap_version_keep BEFORE UPDATE ON recap_version FOR EACH ROW EXECUTE FUNCTION recap_keep();
CREATE TRIGGER recap_line_keep BEFORE UPDATE ON recap_line FOR EACH ROW EXECUTE FUNCTION recap_keep();

CREATE TABLE correction (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    claim_digest bytea NOT NULL,
    work_date date NOT NULL,
    slot smallint CHECK (slot BETWEEN 1 AND 3),
    wish text NOT NULL CHECK (wish IN ('attended', 'permission', 'mode')),
    mode text CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    reason text NOT NULL,
    link text,
    state text NOT NULL CHECK (state IN ('submitted', 'considered', 'accepted', 'refused')),
    submitted_at timestamptz NOT NULL,
    is_supported boolean,
    consideration_note text,
    considered_by uuid,
    considered_at timestamptz,
    decision_note text,
    decided_by uuid,
    decided_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK ((wish = 'mode') = (mode IS NOT NULL)),
    CHECK (slot IS NULL OR wish = 'attended'),
    CHECK ((considered_by IS NULL) = (is_supported IS NULL)),
    CHECK (considered_by IS NULL OR considered_by <> employee_id),
    CHECK ((decided_by IS NULL) = (state IN ('submitted', 'considered')))
);
CREATE INDEX correction_agency ON correction (agency_code, work_date);

-- To which date an agency's days were looked through for people who came to a level of absence.
CREATE TABLE absence_watch (
    agency_code text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES agency (code),
    done_to date NOT NULL
);

-- The levels that people were told of, each once a year whatever is counted anew.
CREATE TABLE absence_notice (
    employee_id uuid NOT NULL,
    year integer NOT NULL,
    basis text COLLATE "C" NOT NULL CHECK (basis IN ('cumulative', 'consecutive')),
    min_days integer NOT NULL CHECK (min_days >= 1),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (employee_id, year, basis, min_days)
);
