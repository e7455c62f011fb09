-- What pupils were granted, one row per application that was approved. From this service's own log alone.
CREATE TABLE aid_grants (
    case_id         uuid    PRIMARY KEY,
    person_id       uuid    NOT NULL,
    household_id    uuid    NOT NULL,               -- of the pupil, as of the last transfer
    division        text    NOT NULL COLLATE "C",
    stage           text    NOT NULL,
    amount_per_year numeric(12, 2) NOT NULL,        -- yuan
    granted_from    date    NOT NULL,
    granted_until   date,                           -- first day without aid
    ending          text,
    continued_on    date,                           -- day of the exit after which it went on
    review_years    int[],                          -- school years under review, by the year in which each begins
    review_amount   numeric(12, 2)
);
CREATE INDEX aid_grants_by_place ON aid_grants (division, person_id, case_id);
CREATE INDEX aid_grants_of ON aid_grants (person_id);
CREATE INDEX aid_grants_by_household ON aid_grants (household_id);
