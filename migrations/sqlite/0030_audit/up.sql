-- Random verifications: a plan, the population it fixed, the strata, and the drawn cases.
CREATE TABLE audit (
    id BLOB NOT NULL PRIMARY KEY,
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    strata TEXT NOT NULL CHECK (strata IN ('whole', 'agency')),
    confidence_bp INTEGER NOT NULL CHECK (confidence_bp BETWEEN 1 AND 9999),
    tolerable_bp INTEGER NOT NULL CHECK (tolerable_bp BETWEEN 1 AND 10000),
    expected_bp INTEGER NOT NULL CHECK (expected_bp >= 0 AND expected_bp < tolerable_bp),
    sample_size INTEGER CHECK (sample_size > 0),
    -- The weights of the prior of a sample that may be looked at early and extended; none where its size is fixed.
    sequence_a INTEGER CHECK (sequence_a BETWEEN 1 AND 1000000),
    sequence_b INTEGER CHECK (sequence_b BETWEEN 1 AND 1000000),
    -- Which units are picked beforehand and examined in full, as canonical JSON; none where all are left to chance.
    targeted_rule TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'drawn', 'in_review', 'closed', 'cancelled')),
    population INTEGER NOT NULL,
    population_sha256 BLOB,
    plan_sha256 BLOB,
    seed_rule TEXT NOT NULL,
    seed TEXT,
    seed_material TEXT,
    seed_evidence TEXT,
    seeded_at INTEGER,
    seeded_by BLOB,
    planned_at INTEGER NOT NULL,
    planned_by BLOB NOT NULL,
    drawn_at INTEGER,
    drawn_by BLOB,
    closed_at INTEGER,
    closed_by BLOB,
    cancelled_at INTEGER,
    cancelled_by BLOB,
    cancel_reason TEXT,
    version INTEGER NOT NULL,
    CHECK (to_date >= from_date),
    CHECK ((sequence_a IS NULL) = (sequence_b IS NULL)),
    CHECK (seed IS NULL OR population_sha256 IS NOT NULL),
    CHECK ((seed IS NULL) = (seed_material IS NULL)),
    CHECK ((plan_sha256 IS NULL) = (population_sha256 IS NULL)),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)),
    CHECK (state IN ('planned', 'cancelled') OR seed IS NOT NULL)
) STRICT;

-- One plan per period and agency that was not cancelled; plans that overlap in part are refused before they get here.
CREATE TABLE audit_agency (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    agency_code TEXT NOT NULL REFERENCES agency (code),
    from_date TEXT NOT NULL,
    to_date TEXT NOT NULL,
    is_cancelled INTEGER NOT NULL,
    PRIMARY KEY (audit_id, agency_code)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_agency_period_unique ON audit_agency (agency_code, from_date, to_date)
WHERE is_cancelled = 0;

CREATE TABLE audit_stratum (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    name TEXT NOT NULL,
    population INTEGER NOT NULL,
    sample_size INTEGER NOT NULL CHECK (sample_size <= population),
    PRIMARY KEY (audit_id, name)
) STRICT, WITHOUT ROWID;

-- The population in pieces of whole lines, one unit a line, a targeted one with its mark; whose unit it is stands beside
-- it, 16 bytes each. The stratum is that of the units that are not targeted.
CREATE TABLE audit_chunk (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    sequence INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    units TEXT NOT NULL,
    employees BLOB NOT NULL,
    PRIMARY KEY (audit_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_chunk_insert BEFORE INSERT ON audit_chunk
WHEN (SELECT population_sha256 FROM audit WHERE id = NEW.audit_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a population that is fixed takes no more units'); END;
CREATE TRIGGER audit_chunk_update BEFORE UPDATE ON audit_chunk
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;
CREATE TRIGGER audit_chunk_delete BEFORE DELETE ON audit_chunk
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
WHEN (OLD.population_sha256 IS NOT NULL AND (
        NEW.population_sha256 IS NOT OLD.population_sha256 OR NEW.population IS NOT OLD.population
        OR NEW.plan_sha256 IS NOT OLD.plan_sha256 OR NEW.seed_rule IS NOT OLD.seed_rule
        OR NEW.targeted_rule IS NOT OLD.targeted_rule
        OR NEW.from_date IS NOT OLD.from_date OR NEW.to_date IS NOT OLD.to_date OR NEW.strata IS NOT OLD.strata
        OR NEW.confidence_bp IS NOT OLD.confidence_bp OR NEW.tolerable_bp IS NOT OLD.tolerable_bp
        OR NEW.expected_bp IS NOT OLD.expected_bp OR NEW.sample_size IS NOT OLD.sample_size
        OR NEW.sequence_a IS NOT OLD.sequence_a OR NEW.sequence_b IS NOT OLD.sequence_b))
    OR (OLD.seed IS NOT NULL AND (NEW.seed IS NOT OLD.seed OR NEW.seed_material IS NOT OLD.seed_material))
    OR (OLD.state = 'cancelled' AND NEW.state IS NOT OLD.state)
BEGIN SELECT RAISE(ABORT, 'a fixed plan and its seed never change'); END;

-- Which batch the units of an agency with an instance of its own were taken from, slot by slot; and the people of its staff
-- list here of whom those batches have no row.
CREATE TABLE audit_batch (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    agency_code TEXT NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 3),
    batch_id BLOB NOT NULL REFERENCES batch (id),
    PRIMARY KEY (audit_id, agency_code, work_date, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_unlisted (
    audit_id BLOB NOT NULL REFERENCES audit (id),
    agency_code TEXT NOT NULL,
    employee_id BLOB NOT NULL,
    PRIMARY KEY (audit_id, agency_code, employee_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_batch_insert BEFORE INSERT ON audit_batch
WHEN (SELECT population_sha256 FROM audit WHERE id = NEW.audit_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a population that is fixed takes no more units'); END;
CREATE TRIGGER audit_batch_update BEFORE UPDATE ON audit_batch
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;
CREATE TRIGGER audit_batch_delete BEFORE DELETE ON audit_batch
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;
CREATE TRIGGER audit_unlisted_insert BEFORE INSERT ON audit_unlisted
WHEN (SELECT population_sha256 FROM audit WHERE id = NEW.audit_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a population that is fixed takes no more units'); END;
CREATE TRIGGER audit_unlisted_update BEFORE UPDATE ON audit_unlisted
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;
CREATE TRIGGER audit_unlisted_delete BEFORE DELETE ON audit_unlisted
BEGIN SELECT RAISE(ABORT, 'a population never changes'); END;

-- A sample only grows, and only where the plan says that it may.
CREATE TRIGGER audit_stratum_update BEFORE UPDATE ON audit_stratum
WHEN NEW.audit_id IS NOT OLD.audit_id OR NEW.name IS NOT OLD.name OR NEW.population IS NOT OLD.population
    OR NEW.sample_size < OLD.sample_size
    OR (SELECT sequence_a FROM audit WHERE id = OLD.audit_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'a stratum never changes, and its sample grows only by plan'); END;
CREATE TRIGGER audit_stratum_delete BEFORE DELETE ON audit_stratum
BEGIN SELECT RAISE(ABORT, 'a stratum never changes'); END;

-- What was drawn. The states that only time or a look at the notice takes are derived, not stored.
CREATE TABLE audit_case (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    audit_id BLOB NOT NULL REFERENCES audit (id),
    unit TEXT NOT NULL,
    agency_code TEXT NOT NULL,
    work_date TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 3),
    stratum TEXT NOT NULL,
    draw_order INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    auditor_id BLOB NOT NULL,
    second_reviewer_id BLOB,
    finding TEXT CHECK (finding IN ('valid', 'invalid_proposed', 'inconclusive')),
    method TEXT CHECK (method IN ('map', 'call', 'visit', 'documents')),
    review_note TEXT,
    reviewed_at INTEGER,
    notice_id BLOB,
    notified_at INTEGER,
    reply_due_at INTEGER,
    reply TEXT,
    reply_link TEXT,
    reply_witness TEXT,
    replied_at INTEGER,
    outcome TEXT CHECK (outcome IN ('upheld', 'withdrawn', 'inconclusive')),
    reason TEXT,
    decided_by BLOB,
    decided_at INTEGER,
    decision_notice_id BLOB,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT audit_case_unit_unique UNIQUE (employee_id, audit_id, unit),
    CHECK ((finding IS NULL) = (reviewed_at IS NULL)),
    CHECK (outcome IS NULL OR finding IS NOT NULL),
    CHECK (outcome IS NOT 'upheld' OR decided_by IS NOT auditor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_case_id ON audit_case (id);
CREATE INDEX audit_case_audit ON audit_case (audit_id, stratum, draw_order);
CREATE INDEX audit_case_auditor ON audit_case (auditor_id, audit_id);
CREATE INDEX audit_case_second_reviewer ON audit_case (second_reviewer_id, audit_id);
CREATE INDEX audit_case_agency ON audit_case (agency_code, work_date);
