-- What each loan comes to, by what was known from when until when, and by the office that kept it from which day on: sums in fen.
-- The arrays go together: what had fallen due through each day; what had been paid through each day, told from ``known`` on. A fact
-- told in order only lengthens them; one told late begins another row. So one row answers for any day as known at any instant.
CREATE TABLE loan_accounts (
    borrower_id   uuid NOT NULL,
    loan_id       uuid NOT NULL,
    household_id  uuid,
    person_id     uuid,
    product       text NOT NULL,
    lender        text NOT NULL,
    contract_no   text NOT NULL,
    principal     bigint NOT NULL,               -- as contracted
    contracted_on date NOT NULL,
    division      text NOT NULL COLLATE "C",
    office_since  date NOT NULL,
    office_until  date,                          -- first day with another office
    known_from    timestamptz NOT NULL,
    known_until   timestamptz,                   -- told otherwise from then on
    due_days      date[]   NOT NULL,
    due_sums      bigint[] NOT NULL,
    days          date[]   NOT NULL,
    known         timestamptz[] NOT NULL,
    paid_sums     bigint[] NOT NULL,             -- on instalments, and waiting for them
    balances      bigint[] NOT NULL,             -- principal outstanding
    claims        bigint[] NOT NULL              -- compensated and not recovered
);
CREATE INDEX loan_accounts_of ON loan_accounts (borrower_id);
CREATE INDEX loan_accounts_by_id ON loan_accounts (loan_id) WHERE known_until IS NULL;
CREATE INDEX loan_accounts_by_place ON loan_accounts (division, loan_id) WHERE known_until IS NULL;
CREATE INDEX loan_accounts_by_contract ON loan_accounts (lender, contract_no) WHERE known_until IS NULL;
