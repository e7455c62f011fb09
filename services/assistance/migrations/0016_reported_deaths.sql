-- Who is dead, or reported so while nobody has found otherwise: of whom a list that is made later holds the lines, too.
CREATE TABLE reported_deaths (
    household_id uuid NOT NULL,
    person_id    uuid NOT NULL,
    PRIMARY KEY (household_id, person_id)
);
CREATE INDEX reported_deaths_of ON reported_deaths (person_id);
CREATE INDEX payment_lines_by_payee ON payment_lines (payee) WHERE payee IS NOT NULL;
