-- Funds as they stand, and the entries of their ledgers with the time in which each was known: a sum over any day as known at
-- any instant is one statement. From this service's own log; no entry is ever changed by itself.
CREATE TABLE funds (
    fund_id    uuid  PRIMARY KEY,
    division   text  NOT NULL COLLATE "C",
    source     text  NOT NULL,
    year       int   NOT NULL,
    raised_by  text,
    due_on     date  NOT NULL,
    fund_json  jsonb NOT NULL,            -- the folded fund, without its balances
    balances   jsonb NOT NULL             -- account → fen, as all that is recorded comes to
);
CREATE INDEX funds_by_place ON funds (division, fund_id);

CREATE TABLE fund_entries (
    fund_id     uuid        NOT NULL,
    division    text        NOT NULL COLLATE "C",
    account     text        NOT NULL,     -- source, pledged, available, allocated, reserved, retained, spent
    use         text        NOT NULL,     -- project:<id> or programme:<key>; empty where it is for no use yet
    on_day      date        NOT NULL,
    fen         bigint      NOT NULL,     -- a debit above zero, a credit below
    cause       text        NOT NULL,     -- id of the fact
    known_from  timestamptz NOT NULL,
    known_until timestamptz               -- null: known to this day
);
CREATE INDEX fund_entries_of ON fund_entries (fund_id);
CREATE INDEX fund_entries_by_place ON fund_entries (division, on_day) INCLUDE (account, fen, known_from, known_until);
CREATE INDEX fund_entries_by_use ON fund_entries (use) WHERE use <> '';
