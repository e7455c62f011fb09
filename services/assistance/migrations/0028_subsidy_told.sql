-- Where a loan was contracted, whose paper says what is subsidised, and the day on which subsidy paid for it was last told of; of the rows
-- that are known now. Empty until the view is rebuilt.
ALTER TABLE loan_accounts ADD COLUMN contracted_in text COLLATE "C";
ALTER TABLE loan_accounts ADD COLUMN subsidy_told_on date;
CREATE INDEX loan_accounts_subsidised ON loan_accounts (product, division, contracted_in, subsidy_told_on) WHERE subsidy_told_on IS NOT NULL;
