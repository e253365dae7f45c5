-- Daily entries with their evidence, monthly reports, and mail that waits to be sent.
CREATE TABLE activity (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    claim_digest BLOB NOT NULL,
    work_date TEXT NOT NULL,
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 1440),
    description TEXT NOT NULL,
    output TEXT NOT NULL,
    quantity INTEGER CHECK (quantity BETWEEN 1 AND 100000),
    unit TEXT,
    skp_item TEXT,
    channel TEXT CHECK (channel IN ('email', 'whatsapp', 'zoom', 'other')),
    link TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'escalated', 'approved', 'returned', 'rejected', 'locked')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    escalates_at INTEGER,
    escalated_to BLOB,
    decision TEXT CHECK (decision IN ('approved', 'returned', 'rejected')),
    review_note TEXT,
    reviewer_id BLOB,
    reviewed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (start_minute < end_minute),
    CHECK ((quantity IS NULL) = (unit IS NULL)),
    CHECK (reviewer_id IS NULL OR reviewer_id <> employee_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_day_index ON activity (employee_id, work_date);
CREATE INDEX activity_escalation ON activity (escalates_at) WHERE state = 'submitted';
CREATE INDEX activity_escalated ON activity (escalated_to) WHERE escalated_to IS NOT NULL;

-- One row a person and date, raised first by whoever writes an entry of that date: two writers take turns here,
-- so that neither can put an entry onto hours which the other has not yet committed.
CREATE TABLE activity_day (
    employee_id BLOB NOT NULL,
    work_date TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, work_date)
) STRICT, WITHOUT ROWID;

-- The content lies in the data directory under the id.
CREATE TABLE evidence (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    activity_id BLOB NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size_bytes INTEGER NOT NULL CHECK (size_bytes BETWEEN 1 AND 5242880),
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT evidence_unique UNIQUE (employee_id, activity_id, sha256),
    FOREIGN KEY (employee_id, activity_id) REFERENCES activity (employee_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE monthly_report (
    employee_id BLOB NOT NULL,
    month TEXT NOT NULL CHECK (length(month) = 7),
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'compiled', 'submitted', 'assessed', 'closed')),
    totals TEXT NOT NULL,
    highlights TEXT,
    obstacles TEXT,
    plan TEXT,
    results TEXT CHECK (results IN ('above', 'meets', 'below')),
    behaviour TEXT CHECK (behaviour IN ('above', 'meets', 'below')),
    assessment_note TEXT,
    assessor_id BLOB,
    compiled_at INTEGER NOT NULL,
    submitted_at INTEGER,
    assessed_at INTEGER,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, month),
    CONSTRAINT monthly_report_id_unique UNIQUE (employee_id, id),
    CHECK (assessor_id IS NULL OR assessor_id <> employee_id),
    CHECK ((results IS NULL) = (behaviour IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX monthly_report_assessed ON monthly_report (assessed_at) WHERE state = 'assessed';

-- One row a person to be told by mail; notices that come meanwhile join it.
CREATE TABLE mail_outbox (
    employee_id BLOB NOT NULL PRIMARY KEY,
    queued_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_outbox_next ON mail_outbox (next_at);

-- What the data directory's marker file must say: all instances on this database share one directory.
CREATE TABLE data_directory (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    marker TEXT NOT NULL
) STRICT;
