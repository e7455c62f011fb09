-- Aid that was paid, from assistance's log: what stands of each pay-list, by the document of the money that its release named.
CREATE TABLE programme_payments (
    list_id       uuid   NOT NULL,
    programme     text   NOT NULL,
    division      text   NOT NULL COLLATE "C",
    fund_document text   NOT NULL,
    cause         text   NOT NULL,          -- id of the fact by which it was paid, or came back
    on_day        date   NOT NULL,
    fen           bigint NOT NULL           -- below zero: came back
);
CREATE INDEX programme_payments_of ON programme_payments (list_id);
CREATE INDEX programme_payments_by_document ON programme_payments (fund_document, division);
CREATE INDEX programme_payments_by_place ON programme_payments (division, list_id);

-- What of it draws on a fund, from this service's own log.
CREATE TABLE fund_draws (
    fund_id uuid   NOT NULL,
    list_id uuid   NOT NULL,
    cause   text   NOT NULL,
    fen     bigint NOT NULL
);
CREATE INDEX fund_draws_of ON fund_draws (fund_id);
CREATE INDEX fund_draws_by_list ON fund_draws (list_id);
