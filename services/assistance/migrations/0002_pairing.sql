-- Helpers of households. The household's division is in `households`, a table of people.
CREATE TABLE pairings (
    household_id  uuid NOT NULL,
    number        int  NOT NULL,     -- in order of assignment
    helper        text NOT NULL,
    unit          text NOT NULL,
    assigned_on   date NOT NULL,
    known_on      date NOT NULL,     -- when the assignment was recorded
    released_on   date,              -- first day without this helper
    release_known_on date,
    end_reason    text,
    without_successor boolean NOT NULL,  -- the helper left and handed over to nobody
    PRIMARY KEY (household_id, number)
);
CREATE INDEX pairings_by_helper ON pairings (helper) WHERE released_on IS NULL;
CREATE INDEX pairings_left ON pairings (household_id) WHERE without_successor;
CREATE INDEX pairings_left_known ON pairings ((greatest(released_on, release_known_on))) WHERE without_successor;
CREATE INDEX pairings_begun ON pairings ((greatest(assigned_on, known_on)));

-- Everybody who was ever said to be a household's helper, annulled or not.
CREATE TABLE helpers (
    household_id uuid NOT NULL,
    helper       text NOT NULL,
    helper_id    uuid NOT NULL,      -- of the helper as a subject of findings
    PRIMARY KEY (household_id, helper)
);
CREATE INDEX helpers_by_id ON helpers (helper_id, household_id);
CREATE INDEX helpers_by_account ON helpers (helper, household_id);

-- From when to when a household is in the register, by each fact that put it there.
CREATE TABLE registrations (
    household_id uuid NOT NULL,
    since        date NOT NULL,
    known_on     date NOT NULL,      -- when that was recorded
    until        date                -- first day on which it is not
);
-- Every household that was ever put into the register, annulled or not.
CREATE TABLE registered (household_id uuid PRIMARY KEY);
CREATE INDEX registrations_of ON registrations (household_id);
CREATE INDEX registrations_begun ON registrations ((greatest(since, known_on)));
