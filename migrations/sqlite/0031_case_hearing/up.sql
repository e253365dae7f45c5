-- What follows a case's first finding: the blind second review, files behind what the person says, the objection, and
-- who was reminded.

-- A tenth of the drawn units, reviewed once more. No auditor where nobody else is independent of the agency.
CREATE TABLE second_review (
    employee_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    audit_id BLOB NOT NULL REFERENCES audit (id),
    draw_order INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    auditor_id BLOB,
    finding TEXT CHECK (finding IN ('valid', 'invalid_proposed', 'inconclusive')),
    method TEXT CHECK (method IN ('map', 'call', 'visit', 'documents')),
    note TEXT,
    reviewed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, case_id),
    CHECK ((finding IS NULL) = (reviewed_at IS NULL)),
    CHECK (finding IS NULL OR auditor_id IS NOT NULL),
    FOREIGN KEY (employee_id, case_id) REFERENCES audit_case (employee_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX second_review_case ON second_review (case_id);
CREATE INDEX second_review_audit ON second_review (audit_id, draw_order);

-- Files behind a reply or an objection; their bytes lie in the data directory under the row's id.
CREATE TABLE case_evidence (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('reply', 'objection')),
    media_type TEXT NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    size_bytes INTEGER NOT NULL CHECK (size_bytes BETWEEN 1 AND 5242880),
    sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT case_evidence_unique UNIQUE (employee_id, case_id, part, sha256),
    FOREIGN KEY (employee_id, case_id) REFERENCES audit_case (employee_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_evidence_id ON case_evidence (id);

-- One objection a case. While it has no outcome, the finding has no effect.
CREATE TABLE case_objection (
    employee_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    audit_id BLOB NOT NULL REFERENCES audit (id),
    reason TEXT NOT NULL,
    objected_at INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('upheld', 'withdrawn')),
    decision TEXT,
    decided_by BLOB,
    decided_at INTEGER,
    PRIMARY KEY (employee_id, case_id),
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK ((outcome IS NULL) = (decided_by IS NULL)),
    FOREIGN KEY (employee_id, case_id) REFERENCES audit_case (employee_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_objection_case ON case_objection (case_id);
CREATE INDEX case_objection_audit ON case_objection (audit_id);

-- Each reminder once a case.
CREATE TABLE case_reminder (
    employee_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    reminder TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, case_id, reminder)
) STRICT, WITHOUT ROWID;
