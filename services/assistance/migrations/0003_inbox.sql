-- Facts that need attention, from this service's own log. An entry is deleted when its fact is annulled or settled.
CREATE TABLE inbox (
    entry        text PRIMARY KEY,  -- id of the fact that needs attention
    stream       text NOT NULL,
    attention    text NOT NULL,     -- reaction_refused, aid_review
    household_id uuid NOT NULL,
    person_id    uuid,
    since        date NOT NULL,
    details      jsonb NOT NULL     -- ids and figures: the rule, the amount, the cause
);
CREATE INDEX inbox_by_stream ON inbox (stream);
CREATE INDEX inbox_by_day ON inbox (since, entry);
CREATE INDEX inbox_by_household ON inbox (household_id);
