-- Schedules that units and people have of their own. A schedule is never changed once it stands: another one begins.
CREATE TABLE work_schedule (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT work_schedule_name_unique UNIQUE (agency_code, name)
) STRICT, WITHOUT ROWID;

-- From a date on, the schedule of a unit with all below it, or of the whole agency where no unit is named; none ends the
-- one before. Those of single people stand in their memberships, which whoever judges has loaded anyway.
CREATE TABLE schedule_start (
    id BLOB NOT NULL PRIMARY KEY,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    unit_id BLOB,
    valid_from TEXT NOT NULL,
    schedule_id BLOB REFERENCES work_schedule (id),
    set_by BLOB NOT NULL,
    set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX schedule_start_unit_unique ON schedule_start (agency_code, unit_id, valid_from) WHERE unit_id IS NOT NULL;
CREATE UNIQUE INDEX schedule_start_agency_unique ON schedule_start (agency_code, valid_from) WHERE unit_id IS NULL;

-- Marks that exempt a person from a roster's turns or let them come first. Kind and reason may tell of health.
CREATE TABLE person_mark (
    employee_id BLOB NOT NULL,
    id BLOB NOT NULL,
    agency_code TEXT NOT NULL REFERENCES agency (code),
    kind TEXT NOT NULL CHECK (kind IN ('pregnant', 'chronic_illness', 'disability', 'small_child', 'family_care', 'public_transport', 'long_journey')),
    effect TEXT NOT NULL CHECK (effect IN ('exempt_at_home', 'exempt_at_office', 'priority')),
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    set_by BLOB NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (employee_id, id),
    CHECK (valid_to >= valid_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_mark_agency ON person_mark (agency_code, valid_to);
