-- Helpers of households, and the duties to assign one. The household's division is in `households`, a table of people.
CREATE TABLE pairings (
    household_id  uuid NOT NULL,
    number        int  NOT NULL,    -- in order of assignment
    helper        text NOT NULL,
    unit          text NOT NULL,
    assigned_on   date NOT NULL,
    released_on   date,             -- first day without this helper
    end_reason    text,
    PRIMARY KEY (household_id, number)
);
CREATE INDEX pairings_by_helper ON pairings (helper) WHERE released_on IS NULL;

CREATE TABLE helper_duties (
    duty         text PRIMARY KEY,  -- id of the fact that set it
    household_id uuid NOT NULL,
    set_on       date NOT NULL,
    due_on       date NOT NULL,
    state        text NOT NULL,     -- open, met, missed, ended
    settled_on   date               -- when a helper was assigned, or the pairing ended
);
CREATE INDEX helper_duties_by_state ON helper_duties (state, due_on, duty);
CREATE INDEX helper_duties_by_household ON helper_duties (household_id);
