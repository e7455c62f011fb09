-- The register as other services need it now, folded from copies of its facts; dated history is in the copies.
CREATE TABLE households (
    household_id uuid PRIMARY KEY,
    division     text NOT NULL COLLATE "C",
    status       text NOT NULL
);
CREATE INDEX households_by_place ON households (division, household_id);

-- Everybody who was ever named in a household; ``present``: lives there now. A person's history is folded over all of them.
CREATE TABLE members (
    household_id uuid    NOT NULL,
    person_id    uuid    NOT NULL,
    present      boolean NOT NULL,
    stage        text    NOT NULL,
    boarder      boolean NOT NULL,
    PRIMARY KEY (household_id, person_id)
);
CREATE INDEX members_by_person ON members (person_id);
CREATE INDEX pupils ON members (household_id, person_id) WHERE present AND stage <> 'none';
