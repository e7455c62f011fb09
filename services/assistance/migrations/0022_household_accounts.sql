-- Where the register says the account that a household is paid to: by the position of the fact, in whose copy it stands sealed.
CREATE TABLE household_accounts (
    household_id uuid PRIMARY KEY,
    position     bigint NOT NULL,
    told_at      timestamptz NOT NULL
);
