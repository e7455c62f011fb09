-- Keyed digests (HMAC-SHA256, under every active index key) of the bank account of each household that the register counts, for
-- every day as known at any instant (upper ends exclusive): by them it is found that two households have one account.
CREATE TABLE account_digests (
    household_id uuid        NOT NULL,
    key_number   integer     NOT NULL,
    digest       bytea       NOT NULL,
    division     text        NOT NULL COLLATE "C",
    valid_from   date        NOT NULL,
    valid_to     date        NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL
);
CREATE INDEX account_digests_of ON account_digests (household_id);
CREATE INDEX account_digests_by_digest ON account_digests (digest, household_id);
CREATE INDEX account_digests_by_key ON account_digests (key_number);

-- What is found so.
CREATE TABLE account_findings (LIKE findings INCLUDING ALL);
CREATE TABLE account_checked_subjects (LIKE checked_subjects INCLUDING ALL);
