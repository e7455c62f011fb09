-- What an older system says that a county held at the end of its opening day (contracts/registry/opening_balances.py): asserted, so never
-- summed with what is counted. One row for each stock and kind, while the balance is approved and not annulled.
CREATE TABLE asserted_openings (
    county             text        NOT NULL COLLATE "C",
    balance_id         uuid        NOT NULL,
    opening_on         date        NOT NULL,
    kept_in            text        NOT NULL,
    source_recorded_on date        NOT NULL,   -- when that system says it
    stock              text        NOT NULL,
    kind               text,                   -- as which they are monitored
    households         int         NOT NULL,
    persons            int         NOT NULL,
    known_from         timestamptz NOT NULL,   -- exclusive
    known_to           timestamptz NOT NULL    -- inclusive
);
CREATE INDEX asserted_openings_of ON asserted_openings (county, stock);
