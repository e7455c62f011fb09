-- Tokens of an account that were issued before an instant are void. One row an account.
CREATE TABLE revoked_tokens (
    account_id    uuid PRIMARY KEY,
    account       text NOT NULL COLLATE "C",
    issued_before timestamptz NOT NULL
);
