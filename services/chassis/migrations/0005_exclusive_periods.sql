-- Who holds a claim by which act: a number that only annulled facts gave is free (standing is false) until the act is
-- restored, and may be held by somebody else meanwhile.
ALTER TABLE claims ADD COLUMN given_by uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE claims ADD COLUMN standing boolean NOT NULL DEFAULT true;
ALTER TABLE claims DROP CONSTRAINT claims_pkey;
ALTER TABLE claims ADD PRIMARY KEY (kind, key_number, digest, given_by);
CREATE INDEX claims_by_act ON claims (given_by);

-- A subject belongs to one holder on any day: from a day up to another (exclusive). Final: nobody can hold it any more.
-- Written in the transaction that appends the facts it follows from.
CREATE TABLE exclusive_periods (
    subject    uuid    NOT NULL,
    holder     uuid    NOT NULL,
    valid_from date    NOT NULL,
    valid_to   date    NOT NULL,
    final      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject, holder, valid_from)
);
CREATE INDEX exclusive_periods_by_holder ON exclusive_periods (holder);
