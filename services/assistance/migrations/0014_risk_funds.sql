-- What of claims is the risk fund's, the jobs told, and the poor households named. Not known of rows that were written before, until the
-- view is rebuilt.
ALTER TABLE loan_accounts ADD COLUMN fund_claims bigint[];
ALTER TABLE loan_accounts ADD COLUMN jobs int[];
ALTER TABLE loan_accounts ADD COLUMN drawn_in uuid[];
-- Which funds there are: what each holds follows from its facts.
CREATE TABLE risk_funds (
    fund_id  uuid PRIMARY KEY,
    product  text NOT NULL,
    division text NOT NULL COLLATE "C"            -- the county
);
CREATE INDEX risk_funds_by_place ON risk_funds (division, product);
