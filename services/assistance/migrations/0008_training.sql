-- What counts of each course, since when and until when it was known to: who enrolled, attended which session and was certified, heads
-- that were counted, and figures that papers state. Persons and person-times are counted from the rows; one row never stands for both.
CREATE TABLE training_entries (
    course_id   uuid NOT NULL,
    course_kind text NOT NULL,
    division    text NOT NULL COLLATE "C",       -- of the course
    technique   boolean NOT NULL,
    entry       text NOT NULL,                   -- planned, completed, session, enrolled, attended, certified; stated_… of papers
    on_day      date NOT NULL,
    person_id   uuid,
    session     integer,
    amount      numeric,                         -- heads of a session in person-times, or as stated, in ``unit``
    unit        text,
    known_from  timestamptz NOT NULL,
    known_until timestamptz
);
CREATE INDEX training_entries_of ON training_entries (course_id);
CREATE INDEX training_entries_by_place ON training_entries (division, course_id) WHERE entry = 'planned';
CREATE INDEX training_entries_by_person ON training_entries (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE training_needs (
    person_id   uuid NOT NULL,
    division    text NOT NULL COLLATE "C",
    course_kind text NOT NULL,
    trade       text NOT NULL,
    surveyed_on date NOT NULL
);
CREATE INDEX training_needs_of ON training_needs (person_id);
CREATE INDEX training_needs_by_kind ON training_needs (course_kind, division);
