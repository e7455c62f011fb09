-- The last handover of everybody who left, from this service's own log.
CREATE TABLE handovers (
    handover_id  uuid PRIMARY KEY,
    helper       text NOT NULL,
    leader       text NOT NULL,
    leader_unit  text NOT NULL,
    division     text NOT NULL COLLATE "C",  -- of the office that opened it
    effective_on date NOT NULL,
    accept_by    date NOT NULL,
    accepted     int  NOT NULL,              -- lines
    closed       bool NOT NULL
);
CREATE INDEX handovers_by_place ON handovers (division, handover_id);
