-- What counts of everybody's work, since when and until when it was known to: placements, jobs kept, months in a public post, what was
-- earned, and businesses that were started. Figures that are no persons are in ``amount``: days, or yuan.
CREATE TABLE employment_entries (
    person_id    uuid NOT NULL,
    placement_id uuid,                            -- none of a business
    household_id uuid NOT NULL,
    division     text NOT NULL COLLATE "C",       -- where the person lived when placed, or when the business began
    post_kind    text NOT NULL,
    sex          text,
    offer_id     uuid,
    course_id    uuid,
    destination  text,
    entry        text NOT NULL,                   -- placed, ended, kept, attended, earned, handed_over, accepted, business
    on_day       date NOT NULL,                   -- of months: their first
    months       integer,
    amount       numeric,
    known_from   timestamptz NOT NULL,
    known_until  timestamptz
);
CREATE INDEX employment_entries_of ON employment_entries (person_id);
CREATE INDEX employment_entries_by_place ON employment_entries (division, placement_id) WHERE entry = 'placed';
CREATE INDEX employment_entries_by_placement ON employment_entries (placement_id);
CREATE INDEX employment_entries_by_household ON employment_entries (household_id) WHERE entry = 'earned';

CREATE TABLE job_offers (
    offer_id   uuid PRIMARY KEY,
    division   text NOT NULL COLLATE "C",
    post_kind  text NOT NULL,
    employer   text NOT NULL,
    job_title  text NOT NULL,
    places     integer NOT NULL,
    wage       numeric,
    fair       text,
    offered_on date NOT NULL,
    closed_on  date
);
CREATE INDEX job_offers_by_place ON job_offers (division, offer_id);
