-- A command's id is made of its principal, route and key (or is its timer's), so the id alone tells whether it was
-- answered: one index of 16 bytes an entry instead of two, of which one held whole paths.
ALTER TABLE commands DROP CONSTRAINT commands_command_id_key;
ALTER TABLE commands DROP CONSTRAINT commands_pkey;
ALTER TABLE commands ADD PRIMARY KEY (command_id);
-- Answers come in the order of their age: ranges of blocks are enough to find the old ones, and cost next to nothing to
-- keep. Those of automated commands never expire and are left out of it, so that nobody looks through them in vain.
DROP INDEX commands_by_age;
CREATE INDEX commands_by_age ON commands USING brin (decided_at) WITH (pages_per_range = 16, autosummarize = on)
    WHERE principal NOT IN ('lika', 'timer');
