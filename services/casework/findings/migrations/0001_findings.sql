-- What a set of check rules finds about every subject, for every day as known at any instant (upper ends exclusive): a question
-- (V, T) meets at most one row of a finding.
CREATE TABLE findings (
    subject      uuid        NOT NULL,
    household_id uuid,                  -- of the subject, where there is one
    finding_id   uuid        NOT NULL,
    rule         text        NOT NULL,
    about        uuid[]      NOT NULL,  -- within the subject
    grounds      text        NOT NULL,  -- values and limits, as JSON; nothing in it is sealed
    edition      text        NOT NULL,  -- id of the document by which the rule was asked
    severity     text        NOT NULL,
    owner_level  text        NOT NULL,
    owner_role   text        NOT NULL,
    raised_on    date        NOT NULL,  -- first day on which it could be seen
    due_by       date        NOT NULL,
    valid_from   date        NOT NULL,
    valid_to     date        NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL,
    valid_since  date        NOT NULL,  -- since when on these grounds without a break, in both times
    known_since  timestamptz NOT NULL
);
CREATE INDEX findings_of ON findings (subject, finding_id);
CREATE INDEX findings_by_id ON findings (finding_id);

-- What the rules read of every subject, period by period (MessagePack): a night's sweep reads this and not the log.
CREATE TABLE checked_subjects (
    subject uuid  PRIMARY KEY,
    periods bytea NOT NULL
);

-- Answers to findings, as far as they are no personal data.
CREATE TABLE finding_answers (
    answer      text        PRIMARY KEY,  -- id of the fact
    subject     uuid        NOT NULL,
    finding_id  uuid        NOT NULL,
    grounds     text        NOT NULL,
    answered_on date        NOT NULL,
    answered_at timestamptz NOT NULL,
    answered_by text        NOT NULL
);
CREATE INDEX finding_answers_of ON finding_answers (subject);
CREATE INDEX finding_answers_to ON finding_answers (finding_id, answered_at);

-- How far the sweep over all subjects of a set of checks has come, and for which day and documents.
CREATE TABLE finding_sweep (
    checks    text PRIMARY KEY,     -- key of the set's documents
    day       date,
    documents bigint,               -- version of the documents' stream
    after     uuid,                 -- the last subject that was looked at
    finished  boolean NOT NULL DEFAULT false
);
