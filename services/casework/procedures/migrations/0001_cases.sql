-- Cases as they stand, for lists and inboxes; their history is in the log. A case is where its subject is.
CREATE TABLE cases (
    case_id      uuid PRIMARY KEY,
    subject      uuid NOT NULL,
    household_id uuid,              -- of the subject, where there is one
    standing     text NOT NULL,
    procedure    text NOT NULL,
    edition      text NOT NULL,
    opened_on    date NOT NULL,
    latest_on    date NOT NULL,
    due          text,              -- key of the step that is due
    notice_ends  date,              -- first day on which a running notice may be closed
    objections   int  NOT NULL,     -- open ones
    returned     boolean NOT NULL,  -- for correction, and no step was taken since
    make_good_by date,              -- last day for what the green channel deferred, while something is missing
    due_by       date,              -- last day of its term, until the step that ends it is done
    waits_for_level text,           -- whose turn it is; null while a notice is running, and at the end
    waits_for_role  text,
    outcome      text,
    flags        text[] NOT NULL,   -- what makes it an exception, as its own facts show
    reviewed_at  timestamptz        -- when the last approving step was recorded
);
-- Steps of open cases that are due beside the one that cases names: a procedure may let some run side by side.
CREATE TABLE case_steps_beside (
    case_id         uuid NOT NULL,
    step            text NOT NULL,
    waits_for_level text NOT NULL,
    waits_for_role  text NOT NULL,
    PRIMARY KEY (case_id, step)
);
CREATE INDEX cases_of ON cases (subject, case_id) INCLUDE (outcome, procedure);
CREATE INDEX cases_open ON cases (subject) WHERE outcome IS NULL;
