-- Rosters of agencies: made for a period, handed in, received, published. The findings and shortfalls are those of the
-- last check.
CREATE TABLE roster (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'received', 'published', 'superseded')),
    note TEXT,
    shortfalls TEXT NOT NULL,
    findings TEXT NOT NULL,
    checked_at INTEGER NOT NULL,
    due_on TEXT,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    submitted_by BLOB,
    submitted_at INTEGER,
    submission_reason TEXT,
    is_late INTEGER NOT NULL,
    decided_by BLOB,
    decided_at INTEGER,
    remarks TEXT NOT NULL,
    published_by BLOB,
    published_at INTEGER,
    written_count INTEGER,
    kept_count INTEGER,
    superseded_at INTEGER,
    version INTEGER NOT NULL,
    CHECK (to_date >= from_date),
    CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
    CHECK (state NOT IN ('published', 'superseded') OR published_at IS NOT NULL)
) STRICT;
CREATE INDEX roster_agency ON roster (agency_code, id);

CREATE TABLE roster_entry (
    roster_id BLOB NOT NULL REFERENCES roster (id),
    work_date TEXT NOT NULL,
    employee_id BLOB NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    -- Where the second half of the day has a mode of its own; `mode` is then of the first.
    afternoon_mode TEXT CHECK (afternoon_mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    reason TEXT NOT NULL,
    is_by_hand INTEGER NOT NULL,
    PRIMARY KEY (roster_id, work_date, employee_id)
) STRICT, WITHOUT ROWID;

-- Which published roster stands for a day of an agency; the key lets no two of them.
CREATE TABLE roster_day (
    agency_code TEXT NOT NULL REFERENCES agency (code),
    work_date TEXT NOT NULL,
    roster_id BLOB NOT NULL REFERENCES roster (id),
    PRIMARY KEY (agency_code, work_date)
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_day_roster ON roster_day (roster_id);
