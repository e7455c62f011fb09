-- Schools, and where departments of education say that pupils are enrolled (contracts/registry/schools.py, enrolments.py).
CREATE TABLE schools (
    school_code    text PRIMARY KEY COLLATE "C",
    name           text NOT NULL,
    division       text NOT NULL COLLATE "C",
    stages         text[] NOT NULL,
    declared_on    date NOT NULL,
    ended_on       date,            -- first day on which it is no more
    into_school    text,            -- with which its pupils are since
    former_schools text[] NOT NULL  -- that were merged into it
);
CREATE INDEX schools_by_division ON schools (division, school_code);
-- A pupil is an id here; the school is a code, which figures are counted by.
CREATE TABLE enrolment_periods (
    person_id     uuid NOT NULL,
    enrolment_id  uuid NOT NULL,
    school_code   text NOT NULL COLLATE "C",
    stage         text NOT NULL,
    since         date NOT NULL,
    boarding      boolean NOT NULL,
    grade         int,
    class_no      int,
    dropped_out   boolean NOT NULL,
    school_year   int,
    term          text,
    missed_days   int,
    ended_on      date,
    ended_because text,
    valid_from    date NOT NULL,
    valid_to      date NOT NULL,
    known_from    timestamptz NOT NULL,
    known_to      timestamptz NOT NULL
);
CREATE INDEX enrolment_periods_of ON enrolment_periods (person_id);
CREATE INDEX enrolment_periods_at ON enrolment_periods (school_code, person_id);
