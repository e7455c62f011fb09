-- Notices of what monitoring's funds are used for, of uses that are programmes: from its log.
CREATE TABLE fund_use_notices (
    fund_id   uuid NOT NULL,
    programme text NOT NULL,
    until     date NOT NULL         -- the last day on which it hung
);
CREATE INDEX fund_use_notices_of ON fund_use_notices (fund_id, programme);
