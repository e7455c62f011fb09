-- Payments, from this service's own log: written in the transactions that append the facts, so that no due has two live lines.
CREATE TABLE pay_lists (
    list_id       uuid PRIMARY KEY,
    programme     text NOT NULL,
    division      text NOT NULL COLLATE "C",
    means         text NOT NULL,
    stage         text NOT NULL,
    since         date NOT NULL,              -- when it came to this stage
    compiled_on   date NOT NULL,
    compiled_at   bigint NOT NULL,            -- position of the fact
    period_from   date NOT NULL,              -- its dues are of periods that begin on or between
    period_to     date NOT NULL,
    due_as_of     date NOT NULL,
    due_known_at  timestamptz NOT NULL,
    lines         int NOT NULL,
    total         numeric(14, 2) NOT NULL,
    last_day      date,                       -- of its notice
    quota         text,                       -- id of the edition
    fund_document text,
    order_no      text,
    reserved      numeric(14, 2),
    instructed    numeric(14, 2) NOT NULL,
    settled       numeric(14, 2) NOT NULL,
    returned      numeric(14, 2) NOT NULL,
    pending_lines int NOT NULL,
    held          int[] NOT NULL,
    reissues      uuid
);
CREATE INDEX pay_lists_by_place ON pay_lists (division, list_id);
CREATE INDEX pay_lists_of_programme ON pay_lists (programme, compiled_at);
CREATE INDEX pay_lists_by_day ON pay_lists (since, list_id);
CREATE INDEX pay_lists_by_quota ON pay_lists (quota) WHERE quota IS NOT NULL;

CREATE TABLE payment_lines (
    list_id      uuid NOT NULL,
    number       int NOT NULL,
    unit         uuid NOT NULL,
    household_id uuid,
    programme    text NOT NULL,
    component    text NOT NULL,
    period_from  date NOT NULL,
    period_to    date NOT NULL,
    occasion     text NOT NULL,
    payee_kind   text NOT NULL,
    payee        uuid,                        -- another's account
    amount       numeric(12, 2) NOT NULL,
    live         boolean NOT NULL,            -- listed, pending or settled
    PRIMARY KEY (list_id, number)
);
-- One live payment per unit, programme, component, period and occasion.
CREATE UNIQUE INDEX payment_lines_live ON payment_lines (unit, programme, component, period_from, period_to, occasion) WHERE live;
CREATE INDEX payment_lines_ended ON payment_lines (unit) WHERE NOT live;

-- What became of lines, one row per fact, with the numbers of the lines that it is true of.
CREATE TABLE payment_movements (
    list_id     uuid NOT NULL,
    position    bigint NOT NULL,
    fact        text NOT NULL,
    recorded_at timestamptz NOT NULL,
    annulled_at timestamptz,
    made_on     date NOT NULL,
    kind        text NOT NULL,                -- instructed, settled, returned
    lines       int4multirange NOT NULL,
    amount      numeric(14, 2) NOT NULL,      -- as the fact says
    of_settled  numeric(14, 2) NOT NULL,
    source      text NOT NULL,
    PRIMARY KEY (list_id, position)
);
-- Lines that are returned now.
CREATE TABLE payment_returns (
    list_id     uuid NOT NULL,
    number      int NOT NULL,
    returned_on date NOT NULL,
    cause       text NOT NULL,
    PRIMARY KEY (list_id, number)
);
CREATE INDEX payment_returns_by_day ON payment_returns (returned_on, list_id, number);

-- Waived, recovered, refunded, written off: of one due each.
CREATE TABLE unit_money (
    unit        uuid NOT NULL,
    position    bigint NOT NULL,
    fact        text NOT NULL,
    recorded_at timestamptz NOT NULL,
    made_on     date NOT NULL,
    division    text NOT NULL COLLATE "C",
    programme   text NOT NULL,
    component   text NOT NULL,
    period_from date NOT NULL,
    period_to   date NOT NULL,
    occasion    text NOT NULL,
    kind        text NOT NULL,
    amount      numeric(12, 2) NOT NULL,
    PRIMARY KEY (unit, position)
);
CREATE INDEX unit_money_of_programme ON unit_money (programme, division);
-- Whose account a unit's money goes to, where that is another's.
CREATE TABLE unit_payees (
    unit  uuid PRIMARY KEY,
    payee uuid
);
-- Years whose closing was proposed or decided.
CREATE TABLE payment_years (
    key       text PRIMARY KEY,
    programme text NOT NULL,
    division  text NOT NULL COLLATE "C",
    year      int NOT NULL,
    closed    boolean NOT NULL,
    since     date NOT NULL,
    by        text NOT NULL
);
CREATE INDEX payment_years_of ON payment_years (programme, year);
