-- The number of the document that a release named, without differences of width, case or blanks: by it a payment finds its fund.
-- Not known of rows that were written before, until the view is rebuilt.
ALTER TABLE programme_payments ADD COLUMN document_key text;
CREATE INDEX programme_payments_by_key ON programme_payments (document_key, division);

-- What released pay-lists are still to pay: so much of a fund's quota nobody takes back.
CREATE TABLE programme_commitments (
    list_id       uuid   NOT NULL,
    programme     text   NOT NULL,
    division      text   NOT NULL COLLATE "C",
    fund_document text   NOT NULL,
    document_key  text   NOT NULL,
    fen           bigint NOT NULL
);
CREATE INDEX programme_commitments_of ON programme_commitments (list_id);
CREATE INDEX programme_commitments_by_key ON programme_commitments (document_key, division);
