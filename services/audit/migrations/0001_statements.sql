-- What the statements are summed from. Both tables are bitemporal: a row is known from one instant up to and including
-- another (asked "known before T", it counts when known_from < T <= known_to). The consumer writes all rows of a
-- household again whenever a fact of it arrives; nothing else writes here.

-- The days on which a household was in a stock (the poor: registered or returned; the monitored), where, and with how many persons.
CREATE TABLE stock_periods (
    household  uuid        NOT NULL,
    stock      text        NOT NULL,   -- poverty, monitoring
    kind       text,                   -- as which it is monitored
    division   text        NOT NULL COLLATE "C",
    persons    int         NOT NULL,
    valid_from date        NOT NULL,
    valid_to   date        NOT NULL,   -- exclusive
    known_from timestamptz NOT NULL,   -- exclusive
    known_to   timestamptz NOT NULL    -- inclusive
);
CREATE INDEX stock_periods_of ON stock_periods (household);
-- A division is a prefix, so a range of codes; with the rest included the sums need not touch the table.
CREATE INDEX stock_periods_by_division ON stock_periods (stock, division, household, valid_from)
    INCLUDE (valid_to, known_from, known_to, persons, kind);

-- Changes of the stock: each person's change is in exactly one line of the statement.
CREATE TABLE movements (
    household    uuid        NOT NULL,
    stock        text        NOT NULL,
    kind         text,
    effective_on date        NOT NULL,
    line         text        NOT NULL,  -- of the statement (audit/statements/domain.py)
    households   int         NOT NULL,
    persons      int         NOT NULL,  -- negative only in size_change
    division     text        NOT NULL COLLATE "C",
    counterpart  text        COLLATE "C",  -- of a move: the division at its other end
    fact         text        NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL
);
CREATE INDEX movements_of ON movements (household);
CREATE INDEX movements_by_division ON movements (stock, division, effective_on)
    INCLUDE (line, households, persons, counterpart, known_from, known_to, kind);

CREATE INDEX stock_periods_learned ON stock_periods (known_from);
CREATE INDEX stock_periods_superseded ON stock_periods (known_to) WHERE known_to < '9999-01-01 00:00+00';
CREATE INDEX movements_learned ON movements (known_from);
CREATE INDEX movements_superseded ON movements (known_to) WHERE known_to < '9999-01-01 00:00+00';

-- Blocks in which changes of the one and of the other became known (services/chassis/views/knowledge_blocks.py).
CREATE TABLE stock_blocks (
    block   int         PRIMARY KEY,           -- without a gap
    begins  timestamptz NOT NULL,
    latest  timestamptz NOT NULL,              -- at which something became known in it
    changes bigint      NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX stock_blocks_by_time ON stock_blocks (begins);
CREATE TABLE movement_blocks (LIKE stock_blocks INCLUDING ALL) WITH (fillfactor = 50);

-- Both summed for every province, city and county, by the day that a change is valid on and by the blocks in which it became known
-- (services/chassis/views/rollup.py).
CREATE TABLE stock_figures (
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
CREATE TABLE movement_figures (LIKE stock_figures INCLUDING ALL) WITH (fillfactor = 80);

-- Codes that were ever declared, so that a mistyped division is not answered with zeros.
CREATE TABLE declared_divisions (
    code text PRIMARY KEY COLLATE "C"
);
