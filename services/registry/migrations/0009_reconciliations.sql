-- Comparisons with the list of the other system (contracts/registry/reconciliations.py). Nothing personal is in these tables.
CREATE TABLE reconciliations (
    reconciliation_id uuid PRIMARY KEY,
    county            text NOT NULL COLLATE "C",
    compared_on       date NOT NULL,          -- the day as of which both were compared
    made_on           date NOT NULL,
    made_by           text NOT NULL,
    evidence_id       uuid,                   -- the list as it was brought
    figures           text NOT NULL           -- households and persons of each result, as JSON
);
CREATE INDEX reconciliations_of_county ON reconciliations (county, compared_on, reconciliation_id);

-- What each comparison found of a household number, where it was not the same in both, or had not been so the time before.
CREATE TABLE reconciled_households (
    subject           uuid NOT NULL,          -- of the number in its county
    reconciliation_id uuid NOT NULL,
    national_no       text NOT NULL,
    household_id      uuid,                   -- null where it is not on record here
    division          text NOT NULL COLLATE "C",
    result            text NOT NULL,
    persons_here      integer NOT NULL,
    persons_there     integer NOT NULL,
    differences       text NOT NULL,          -- as JSON; of personal fields no value
    document          text NOT NULL           -- edition of what is compared
);
CREATE INDEX reconciled_households_of ON reconciled_households (subject);
CREATE INDEX reconciled_households_by_comparison ON reconciled_households (reconciliation_id, division, subject);

-- Where each such number was found last.
CREATE TABLE reconciled_numbers (
    subject  uuid PRIMARY KEY,
    division text NOT NULL COLLATE "C"
);
CREATE INDEX reconciled_numbers_by_division ON reconciled_numbers (division);

CREATE TABLE reconciliation_findings (LIKE findings INCLUDING ALL);
CREATE TABLE reconciliation_checked_subjects (LIKE checked_subjects INCLUDING ALL);
