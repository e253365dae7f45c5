-- Daily entries with their evidence, monthly reports, and mail that waits to be sent.
CREATE TABLE activity (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    agency_code text NOT NULL,
    claim_digest bytea NOT NULL,
    work_date date NOT NULL,
    start_minute smallint NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute smallint NOT NULL CHECK (end_minute BETWEEN 1 AND 1440),
    description text NOT NULL,
    output text NOT NULL,
    quantity integer CHECK (quantity BETWEEN 1 AND 100000),
    unit text,
    skp_item text,
    channel text CHECK (channel IN ('email', 'whatsapp', 'zoom', 'other')),
    link text,
    mode text NOT NULL CHECK (mode IN ('wfo', 'wfh', 'wfa', 'picket', 'duty_travel', 'leave', 'sick', 'training', 'off')),
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'escalated', 'approved', 'returned', 'rejected', 'locked')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    escalates_at timestamptz,
    escalated_to uuid,
    decision text CHECK (decision IN ('approved', 'returned', 'rejected')),
    review_note text,
    reviewer_id uuid,
    reviewed_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (start_minute < end_minute),
    CHECK ((quantity IS NULL) = (unit IS NULL)),
    CHECK (reviewer_id IS NULL OR reviewer_id <> employee_id)
);
CREATE INDEX activity_day_index ON activity (employee_id, work_date);
CREATE INDEX activity_escalation ON activity (escalates_at) WHERE state = 'submitted';
CREATE INDEX activity_escalated ON activity (escalated_to) WHERE escalated_to IS NOT NULL;

-- One row a person and date, raised first by whoever writes an entry of that date: two writers take turns here,
-- so that neither can put an entry onto hours which the other has not yet committed.
CREATE TABLE activity_day (
    employee_id uuid NOT NULL,
    work_date date NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, work_date)
);

-- The content lies in the data directory under the id.
CREATE TABLE evidence (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    activity_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size_bytes integer NOT NULL CHECK (size_bytes BETWEEN 1 AND 5242880),
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT evidence_unique UNIQUE (employee_id, activity_id, sha256),
    FOREIGN KEY (employee_id, activity_id) REFERENCES activity (employee_id, id)
);

CREATE TABLE monthly_report (
    employee_id uuid NOT NULL,
    month text COLLATE "C" NOT NULL CHECK (length(month) = 7),
    id uuid NOT NULL,
    agency_code text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'compiled', 'submitted', 'assessed', 'closed')),
    totals jsonb NOT NULL,
    highlights text,
    obstacles text,
    plan text,
    results text CHECK (results IN ('above', 'meets', 'below')),
    behaviour text CHECK (behaviour IN ('above', 'meets', 'below')),
    assessment_note text,
    assessor_id uuid,
    compiled_at timestamptz NOT NULL,
    submitted_at timestamptz,
    assessed_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, month),
    CONSTRAINT monthly_report_id_unique UNIQUE (employee_id, id),
    CHECK (assessor_id IS NULL OR assessor_id <> employee_id),
    CHECK ((results IS NULL) = (behaviour IS NULL))
);
CREATE INDEX monthly_report_assessed ON monthly_report (assessed_at) WHERE state = 'assessed';

-- One row a person to be told by mail; notices that come meanwhile join it.
CREATE TABLE mail_outbox (
    employee_id uuid NOT NULL PRIMARY KEY,
    queued_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    next_at timestamptz NOT NULL
);
CREATE INDEX mail_outbox_next ON mail_outbox (next_at);

-- What the data directory's marker file must say: all instances on this database share one directory.
CREATE TABLE data_directory (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    marker text NOT NULL
);
