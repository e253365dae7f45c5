-- Random verifications: a plan, the population it fixed, the strata, and the drawn cases.
CREATE TABLE audit (
    id uuid NOT NULL PRIMARY KEY,
    from_date date NOT NULL,
    to_date date NOT NULL,
    strata text NOT NULL CHECK (strata IN ('whole', 'agency')),
    confidence_bp integer NOT NULL CHECK (confidence_bp BETWEEN 1 AND 9999),
    tolerable_bp integer NOT NULL CHECK (tolerable_bp BETWEEN 1 AND 10000),
    expected_bp integer NOT NULL CHECK (expected_bp >= 0 AND expected_bp < tolerable_bp),
    sample_size integer CHECK (sample_size > 0),
    -- The weights of the prior of a sample that may be looked at early and extended; none where its size is fixed.
    sequence_a integer CHECK (sequence_a BETWEEN 1 AND 1000000),
    sequence_b integer CHECK (sequence_b BETWEEN 1 AND 1000000),
    -- Which units are picked beforehand and examined in full, as canonical JSON; none where all are left to chance.
    targeted_rule text,
    state text NOT NULL CHECK (state IN ('planned', 'drawn', 'in_review', 'closed', 'cancelled')),
    population bigint NOT NULL,
    population_sha256 bytea,
    plan_sha256 bytea,
    seed_rule text NOT NULL,
    seed text COLLATE "C",
    seed_material text,
    seed_evidence text,
    seeded_at timestamptz,
    seeded_by uuid,
    planned_at timestamptz NOT NULL,
    planned_by uuid NOT NULL,
    drawn_at timestamptz,
    drawn_by uuid,
    closed_at timestamptz,
    closed_by uuid,
    cancelled_at timestamptz,
    cancelled_by uuid,
    cancel_reason text,
    version integer NOT NULL,
    CHECK (to_date >= from_date),
    CHECK ((sequence_a IS NULL) = (sequence_b IS NULL)),
    CHECK (seed IS NULL OR population_sha256 IS NOT NULL),
    CHECK ((seed IS NULL) = (seed_material IS NULL)),
    CHECK ((plan_sha256 IS NULL) = (population_sha256 IS NULL)),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)),
    CHECK (state IN ('planned', 'cancelled') OR seed IS NOT NULL)
);

-- One plan per period and agency that was not cancelled; plans that overlap in part are refused before they get here.
CREATE TABLE audit_agency (
    audit_id uuid NOT NULL REFERENCES audit (id),
    agency_code text COLLATE "C" NOT NULL REFERENCES agency (code),
    from_date date NOT NULL,
    to_date date NOT NULL,
    is_cancelled boolean NOT NULL,
    PRIMARY KEY (audit_id, agency_code)
);
CREATE UNIQUE INDEX audit_agency_period_unique ON audit_agency (agency_code, from_date, to_date)
WHERE NOT is_cancelled;

CREATE TABLE audit_stratum (
    audit_id uuid NOT NULL REFERENCES audit (id),
    name text COLLATE "C" NOT NULL,
    population bigint NOT NULL,
    sample_size bigint NOT NULL CHECK (sample_size <= population),
    PRIMARY KEY (audit_id, name)
);

-- The population in pieces of whole lines, one unit a line, a targeted one with its mark; whose unit it is stands beside
-- it, 16 bytes each. The stratum is that of the units that are not targeted.
CREATE TABLE audit_chunk (
    audit_id uuid NOT NULL REFERENCES audit (id),
    sequence integer NOT NULL,
    stratum text COLLATE "C" NOT NULL,
    units text NOT NULL,
    employees bytea NOT NULL,
    PRIMARY KEY (audit_id, sequence)
);

CREATE FUNCTION audit_chunk_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a population never changes';
    END IF;
    IF (SELECT population_sha256 FROM audit WHERE id = NEW.audit_id) IS NOT NULL THEN
        RAISE EXCEPTION 'a population that is fixed takes no more units';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chunk_keep BEFORE INSERT OR UPDATE OR DELETE ON audit_chunk
FOR EACH ROW EXECUTE FUNCTION audit_chunk_keep();

-- Which batch the units of an agency with an instance of its own were taken from, slot by slot; and the people of its staff
-- list here of whom those batches have no row.
CREATE TABLE audit_batch (
    audit_id uuid NOT NULL REFERENCES audit (id),
    agency_code text COLLATE "C" NOT NULL,
    work_date date NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 1 AND 3),
    batch_id uuid NOT NULL REFERENCES batch (id),
    PRIMARY KEY (audit_id, agency_code, work_date, slot)
);
CREATE TRIGGER audit_batch_keep BEFORE INSERT OR UPDATE OR DELETE ON audit_batch
FOR EACH ROW EXECUTE FUNCTION audit_chunk_keep();

CREATE TABLE audit_unlisted (
    audit_id uuid NOT NULL REFERENCES audit (id),
    agency_code text COLLATE "C" NOT NULL,
    employee_id uuid NOT NULL,
    PRIMARY KEY (audit_id, agency_code, employee_id)
);
CREATE TRIGGER audit_unlisted_keep BEFORE INSERT OR UPDATE OR DELETE ON audit_unlisted
FOR EACH ROW EXECUTE FUNCTION audit_chunk_keep();

CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fixed plan and its seed never change';
END $$;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
FOR EACH ROW WHEN (
    (OLD.population_sha256 IS NOT NULL AND (
        (OLD.population_sha256, OLD.population, OLD.from_date, OLD.to_date, OLD.strata, OLD.confidence_bp,
         OLD.tolerable_bp, OLD.expected_bp, OLD.sample_size, OLD.sequence_a,
         OLD.sequence_b, OLD.targeted_rule, OLD.plan_sha256, OLD.seed_rule)
        IS DISTINCT FROM
        (NEW.population_sha256, NEW.population, NEW.from_date, NEW.to_date, NEW.strata, NEW.confidence_bp,
         NEW.tolerable_bp, NEW.expected_bp, NEW.sample_size, NEW.sequence_a,
         NEW.sequence_b, NEW.targeted_rule, NEW.plan_sha256, NEW.seed_rule)))
    OR (OLD.seed IS NOT NULL AND (NEW.seed, NEW.seed_material) IS DISTINCT FROM (OLD.seed, OLD.seed_material))
    OR (OLD.state = 'cancelled' AND NEW.state IS DISTINCT FROM OLD.state)
) EXECUTE FUNCTION audit_keep();

-- A sample only grows, and only where the plan says that it may.
CREATE FUNCTION audit_stratum_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.audit_id, NEW.name, NEW.population) IS DISTINCT FROM (OLD.audit_id, OLD.name, OLD.population)
        OR NEW.sample_size < OLD.sample_size OR (SELECT sequence_a FROM audit WHERE id = OLD.audit_id) IS NULL THEN
        RAISE EXCEPTION 'a stratum never changes, and its sample grows only by plan';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_stratum_keep BEFORE UPDATE OR DELETE ON audit_stratum
FOR EACH ROW EXECUTE FUNCTION audit_stratum_keep();

-- What was drawn. The states that only time or a look at the notice takes are derived, not stored.
CREATE TABLE audit_case (
    employee_id uuid NOT NULL,
    id uuid NOT NULL,
    audit_id uuid NOT NULL REFERENCES audit (id),
    unit text COLLATE "C" NOT NULL,
    agency_code text COLLATE "C" NOT NULL,
    work_date date NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 1 AND 3),
    stratum text COLLATE "C" NOT NULL,
    draw_order integer NOT NULL,
    ticket text COLLATE "C" NOT NULL,
    auditor_id uuid NOT NULL,
    second_reviewer_id uuid,
    finding text CHECK (finding IN ('valid', 'invalid_proposed', 'inconclusive')),
    method text CHECK (method IN ('map', 'call', 'visit', 'documents')),
    review_note text,
    reviewed_at timestamptz,
    notice_id uuid,
    notified_at timestamptz,
    reply_due_at timestamptz,
    reply text,
    reply_link text,
    reply_witness text,
    replied_at timestamptz,
    outcome text CHECK (outcome IN ('upheld', 'withdrawn', 'inconclusive')),
    reason text,
    decided_by uuid,
    decided_at timestamptz,
    decision_notice_id uuid,
    closed_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (employee_id, id),
    CONSTRAINT audit_case_unit_unique UNIQUE (employee_id, audit_id, unit),
    CHECK ((finding IS NULL) = (reviewed_at IS NULL)),
    CHECK (outcome IS NULL OR finding IS NOT NULL),
    CHECK (outcome IS DISTINCT FROM 'upheld' OR decided_by IS DISTINCT FROM auditor_id)
);
CREATE INDEX audit_case_id ON audit_case (id);
CREATE INDEX audit_case_audit ON audit_case (audit_id, stratum, draw_order);
CREATE INDEX audit_case_auditor ON audit_case (auditor_id, audit_id);
CREATE INDEX audit_case_second_reviewer ON audit_case (second_reviewer_id, audit_id);
CREATE INDEX audit_case_agency ON audit_case (agency_code, work_date);
