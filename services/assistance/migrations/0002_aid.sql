-- One row per application for education aid, and its outcome. From this service's own log alone.
CREATE TABLE aid_cases (
    person_id       uuid    NOT NULL,
    number          int     NOT NULL,
    household_id    uuid    NOT NULL,               -- of the pupil, as of the last transfer
    division        text    NOT NULL COLLATE "C",
    stage           text    NOT NULL,
    step            text    NOT NULL,
    open            boolean NOT NULL,
    applied_on      date    NOT NULL,
    notice_last_day date,
    open_objections int[]   NOT NULL,
    amount_per_year numeric(12, 2),                 -- yuan; null while nothing is granted
    granted_from    date,
    granted_until   date,                           -- first day without aid
    ending          text,
    continued_on    date,                           -- day of the exit after which it went on
    review_years    int[],                          -- school years under review, by the year in which each begins
    review_amount   numeric(12, 2),
    PRIMARY KEY (person_id, number)
);
CREATE INDEX aid_cases_by_place ON aid_cases (division, person_id, number);
CREATE INDEX aid_cases_by_household ON aid_cases (household_id);
