-- Funds whose money has a document's number, and what they grant programmes: from monitoring's log.
CREATE TABLE programme_funds (
    fund_id      uuid   NOT NULL,
    fact         text   NOT NULL,           -- id of the fact by which the fund was declared
    told_at      bigint NOT NULL,           -- its position: of two funds of one document in a place the first is meant
    division     text   NOT NULL COLLATE "C",
    document_no  text   NOT NULL,
    document_key text   NOT NULL,           -- without differences of width, case or blanks
    year         int    NOT NULL
);
CREATE INDEX programme_funds_of ON programme_funds (fund_id);
CREATE INDEX programme_funds_by_place ON programme_funds (division);

CREATE TABLE granted_quotas (
    fund_id   uuid    NOT NULL,
    programme text    NOT NULL,
    on_day    date    NOT NULL,
    yuan      numeric(16, 2) NOT NULL       -- below zero: taken back
);
CREATE INDEX granted_quotas_of ON granted_quotas (fund_id, programme);

-- The number of the document that a release named, in the same form. Not known of rows that were written before, until the view
-- is rebuilt.
ALTER TABLE pay_lists ADD COLUMN document_key text;
