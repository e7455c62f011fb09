-- Agreements as they stand, whom they covered from when to when with the time in which that was known, and what is due by when. From
-- this service's own log.
CREATE TABLE agreements (
    agreement_id   uuid  PRIMARY KEY,
    division       text  NOT NULL COLLATE "C",
    kind           text  NOT NULL,
    title          text  NOT NULL,
    starts_on      date  NOT NULL,              -- of the first term
    until          date  NOT NULL,              -- of the last one, as signed
    ended_on       date,
    agreement_json jsonb NOT NULL               -- the folded agreement
);
CREATE INDEX agreements_by_place ON agreements (division, agreement_id);

CREATE TABLE agreement_terms (
    agreement_id uuid        NOT NULL,
    division     text        NOT NULL COLLATE "C",
    kind         text        NOT NULL,
    starts_on    date        NOT NULL,
    until        date        NOT NULL,          -- the last day on which it holds
    units        int,
    persons      int,
    known_from   timestamptz NOT NULL,
    known_until  timestamptz                    -- null: known to this day
);
CREATE INDEX agreement_terms_of ON agreement_terms (agreement_id);
CREATE INDEX agreement_terms_by_kind ON agreement_terms (kind, division);

CREATE TABLE agreement_dues (
    agreement_id uuid           NOT NULL,
    division     text           NOT NULL COLLATE "C",
    clause       text           NOT NULL,
    first_day    date           NOT NULL,
    last_day     date           NOT NULL,
    wanted       numeric(15, 3) NOT NULL,
    done         numeric(15, 3) NOT NULL,
    unit         text           NOT NULL
);
CREATE INDEX agreement_dues_of ON agreement_dues (agreement_id);
CREATE INDEX agreement_dues_by_place ON agreement_dues (division, last_day) WHERE done < wanted;
