-- Cases as they stand, for lists and inboxes; their history is in the log. A case is where its household is.
CREATE TABLE cases (
    case_id      uuid PRIMARY KEY,
    household_id uuid NOT NULL,
    procedure    text NOT NULL,
    edition      text NOT NULL,
    opened_on    date NOT NULL,
    latest_on    date NOT NULL,
    due          text,              -- key of the step that is due
    notice_ends  date,              -- first day on which a running notice may be closed
    objections   int  NOT NULL,     -- open ones
    outcome      text
);
CREATE INDEX cases_of ON cases (household_id, case_id) INCLUDE (outcome, procedure);
CREATE INDEX cases_open ON cases (household_id) WHERE outcome IS NULL;
