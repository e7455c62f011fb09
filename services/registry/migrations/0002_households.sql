-- The bitemporal picture of every household: valid from one day up to another, known from one instant up to another
-- (upper ends exclusive). A question (V, T) meets at most one row of a household.
CREATE TABLE household_periods (
    household_id uuid        NOT NULL,
    national_no  text,                      -- 户编号
    division     text        NOT NULL COLLATE "C",
    status       text        NOT NULL,
    attribute    text        NOT NULL,
    persons      int         NOT NULL,
    monitoring   text,                      -- monitored, eliminated; null: never monitored
    monitoring_kind text,                   -- as a document of kinds has it
    valid_from   date        NOT NULL,
    valid_to     date        NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL
);
-- Blocks in which changes of the periods became known (services/chassis/views/knowledge_blocks.py).
CREATE TABLE household_blocks (
    block   int         PRIMARY KEY,          -- without a gap
    begins  timestamptz NOT NULL,
    latest  timestamptz NOT NULL,             -- at which something became known in it
    changes bigint      NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX household_blocks_by_time ON household_blocks (begins);
-- How the totals of every province, city and county change, by the day that is valid on and by the blocks in which it became known
-- (services/chassis/views/rollup.py).
CREATE TABLE household_figures (
    division   text     NOT NULL COLLATE "C",  -- an ancestor's code
    measure    text     NOT NULL,
    value      text     NOT NULL,
    span       smallint NOT NULL,              -- of so many blocks, the first of which is
    block      int      NOT NULL,              -- span times block
    valid_on   date     NOT NULL,
    households bigint   NOT NULL,
    persons    bigint   NOT NULL,
    PRIMARY KEY (division, measure, span, block, valid_on, value)
) WITH (fillfactor = 80);
-- Where each household lives as known now; where nothing of it stands, where it was believed to live last.
CREATE TABLE household_divisions (
    household_id uuid PRIMARY KEY,
    division     text NOT NULL COLLATE "C"
);
-- Moves that were proposed to the side that they lead to.
CREATE TABLE move_proposals (
    move_id       uuid PRIMARY KEY,
    household_id  uuid NOT NULL,
    from_division text NOT NULL COLLATE "C",
    to_division   text NOT NULL COLLATE "C",
    moves_on      date NOT NULL,
    proposed_on   date NOT NULL,
    answer_by     date NOT NULL,
    outcome       text                      -- null while it waits
);
CREATE INDEX move_proposals_to ON move_proposals (to_division) WHERE outcome IS NULL;
CREATE INDEX move_proposals_from ON move_proposals (from_division) WHERE outcome IS NULL;
CREATE INDEX household_divisions_by_division ON household_divisions (division, household_id);
CREATE INDEX household_periods_by_number ON household_periods (national_no) WHERE national_no IS NOT NULL;
CREATE INDEX household_periods_of ON household_periods (household_id);
-- In the order of lists, with all that a list shows and asks: it is read from here alone.
CREATE INDEX household_periods_by_division ON household_periods (division, household_id)
    INCLUDE (valid_from, valid_to, known_from, known_to, status, attribute, monitoring, monitoring_kind, persons, national_no);
CREATE INDEX household_periods_by_status ON household_periods (status, division, household_id)
    INCLUDE (valid_from, valid_to, known_from, known_to, attribute, monitoring, monitoring_kind, persons, national_no);
CREATE INDEX household_periods_by_attribute ON household_periods (attribute, division, household_id)
    INCLUDE (valid_from, valid_to, known_from, known_to, status, monitoring, monitoring_kind, persons, national_no);
CREATE INDEX household_periods_monitored ON household_periods (division, household_id)
    INCLUDE (valid_from, valid_to, known_from, known_to, status, attribute, monitoring, monitoring_kind, persons, national_no)
    WHERE monitoring IS NOT NULL;
-- By the times, for what few households match: begun by a day, or not over in one of the two times, in a status, or in any.
CREATE INDEX household_periods_begun ON household_periods (valid_from);
CREATE INDEX household_periods_not_over ON household_periods (least(valid_to, (known_to AT TIME ZONE 'UTC')::date));
CREATE INDEX household_periods_begun_in_status ON household_periods
    ((status || lpad((valid_from - date '0001-01-01')::text, 7, '0')));
CREATE INDEX household_periods_not_over_in_status ON household_periods
    ((status || lpad((least(valid_to, (known_to AT TIME ZONE 'UTC')::date) - date '0001-01-01')::text, 7, '0')));
CREATE INDEX household_periods_learned ON household_periods (known_from);
-- What was superseded since the last whole block.
CREATE INDEX household_periods_superseded ON household_periods (known_to) WHERE known_to < '9999-01-01 00:00+00';
