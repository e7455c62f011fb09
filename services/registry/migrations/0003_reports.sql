-- What was reported although a standing decision is against it, and how it ended (contracts/registry/corrections.py).
CREATE TABLE reports (
    household_id uuid NOT NULL,
    report_id    uuid PRIMARY KEY,
    fact         text NOT NULL,     -- type of the fact that reports it
    effective_on date NOT NULL,
    reported_on  date NOT NULL,
    answer_by    date NOT NULL,     -- last day for the office that corrects
    level        text NOT NULL,     -- of that office
    entered_by   text NOT NULL,
    state        text NOT NULL
);
CREATE INDEX reports_of ON reports (household_id);
CREATE INDEX reports_open ON reports (household_id) WHERE state = 'open';
