-- Rosters of agencies: made for a period, handed in, received, published. The findings and shortfalls are those of the
-- last check.
CREATE TABLE roster (
    id uuid NOT NULL PRIMARY KEY,
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    from_date date NOT NULL,
    to_date date NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'received', 'published', 'superseded')),
    note text,
    shortfalls jsonb NOT NULL,
    findings jsonb NOT NULL,
    checked_at timestamptz NOT NULL,
    due_on date,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    submitted_by uuid,
    submitted_at timestamptz,
    submission_reason text,
    is_late boolean NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    remarks jsonb NOT NULL,
    published_by uuid,
    published_at timestamptz,
    written_count integer,
    kept_count integer,
    superseded_at timestamptz,
    version integer NOT NULL,
    CHECK (to_date >= from_date),
    CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
    CHECK (state NOT IN ('published', 'superseded') OR published_at IS NOT NULL)
);
CREATE INDEX roster_agency ON roster (agency_code, id);

CREATE TABLE roster_entry (
    roster_id uuid NOT NULL REFERENCES roster (id),
    work_date date NOT NULL,
    employee_id uuid NOT NULL,
    mode text NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    -- Where the second half of the day has a mode of its own; `mode` is then of the first.
    afternoon_mode text CHECK (afternoon_mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    reason jsonb NOT NULL,
    is_by_hand boolean NOT NULL,
    PRIMARY KEY (roster_id, work_date, employee_id)
);

-- Which published roster stands for a day of an agency; the key lets no two of them.
CREATE TABLE roster_day (
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    work_date date NOT NULL,
    roster_id uuid NOT NULL REFERENCES roster (id),
    PRIMARY KEY (agency_code, work_date)
);
CREATE INDEX roster_day_roster ON roster_day (roster_id);
