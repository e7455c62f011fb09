-- Duties that were missed, folded from the streams of the subjects they were owed to; a miss that was annulled is none.
CREATE TABLE duty_misses (
    miss         text PRIMARY KEY,  -- id of the fact
    subject      uuid NOT NULL,
    household_id uuid,              -- of the subject, where there is one
    obligation   text NOT NULL,
    duty_set     text NOT NULL,
    duty         text NOT NULL,
    document     text NOT NULL,     -- id of the edition by which it was owed
    obliged      text NOT NULL,     -- account; empty where the office owes it
    first        date NOT NULL,
    last         date NOT NULL,
    since        date NOT NULL
);
CREATE INDEX duty_misses_of ON duty_misses (subject, duty_set, duty);
