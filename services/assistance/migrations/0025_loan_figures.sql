-- What changed in the portfolio of loans of everything, each province and each city (services/assistance/loans/kept_figures.py), by product
-- and days overdue (the first of their class): as known now by the day since which it is so, and of what became known later than that,
-- by the day of knowledge, too. Empty until the view is rebuilt; until then the portfolio is summed from the loans. Sums in fen.
CREATE TABLE loan_figures (
    division  text     NOT NULL COLLATE "C",
    product   text     NOT NULL,
    age       smallint NOT NULL,
    valid_on  date     NOT NULL,
    loans     bigint   NOT NULL,
    principal bigint   NOT NULL,
    arrears   bigint   NOT NULL,
    claims    bigint   NOT NULL,
    PRIMARY KEY (division, valid_on, product, age)
) WITH (fillfactor = 80);
CREATE TABLE late_loan_figures (
    LIKE loan_figures,
    known_on  date     NOT NULL,
    lateness  smallint NOT NULL,                  -- bits of the days between the two
    PRIMARY KEY (division, lateness, valid_on, known_on, product, age)
) WITH (fillfactor = 80);
-- When something that bears subsidised interest was first told otherwise after the last payment of subsidy; of the rows that are known now.
ALTER TABLE loan_accounts ADD COLUMN subsidy_restated_on date;
CREATE INDEX loan_accounts_restated ON loan_accounts (division) WHERE subsidy_restated_on IS NOT NULL;
-- Whose loan it is, also of one whose contract is void.
CREATE INDEX loan_accounts_of_loan ON loan_accounts (loan_id);
