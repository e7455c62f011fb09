-- Facts that need attention, from this service's own log. An entry is deleted when its fact is annulled or settled.
CREATE TABLE inbox (
    entry        text PRIMARY KEY,  -- id of the fact that needs attention
    stream       text NOT NULL,
    kind         text NOT NULL,     -- reaction_refused, aid_review, duty_missed
    household_id uuid NOT NULL,
    person_id    uuid,
    detail       text NOT NULL,     -- the rule's code, the reason, the duty
    caused_by    text,
    since        date NOT NULL
);
CREATE INDEX inbox_by_stream ON inbox (stream);
CREATE INDEX inbox_by_day ON inbox (since, entry);
CREATE INDEX inbox_by_household ON inbox (household_id);
