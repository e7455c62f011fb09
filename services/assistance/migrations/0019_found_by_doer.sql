-- Matches of offers stand among the entries, found by the offer; wages are found by who earned them, wherever they live.
CREATE INDEX employment_entries_by_offer ON employment_entries (offer_id) WHERE offer_id IS NOT NULL;

-- Who ever made records about whom, a row for each kind and year: whoever made one may owe another, and is asked about by their account.
CREATE TABLE record_doers (
    stream  uuid NOT NULL,  -- of subject and year, as in records
    subject uuid NOT NULL,
    kind    text NOT NULL COLLATE "C",
    done_by text NOT NULL,
    PRIMARY KEY (stream, kind, done_by)
);
CREATE INDEX record_doers_of ON record_doers (subject);
CREATE INDEX record_doers_by ON record_doers (done_by, subject);
