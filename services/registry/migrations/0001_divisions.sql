-- Divisions as they are known now, for checking codes and listing; dated history is in the log.
CREATE TABLE divisions (
    code          text PRIMARY KEY COLLATE "C",
    level         text NOT NULL,
    name          text NOT NULL,
    aliases       text[] NOT NULL,
    declared_on   date NOT NULL,
    ended_on      date,              -- first day on which it is no more
    successors    text[] NOT NULL,   -- codes that it, or parts of it, came to
    predecessors  text[] NOT NULL,
    poor_village  text,              -- grade on the list of poor villages
    designated_on date,
    exited_on     date               -- since when it is off the list
);
-- The names that each has had, with the days, and spellings of whatever day, by which papers name it.
CREATE TABLE division_names (
    code       text NOT NULL COLLATE "C",
    name       text NOT NULL,
    level      text NOT NULL,
    valid_from date NOT NULL,
    valid_to   date NOT NULL
);
CREATE INDEX division_names_of ON division_names (code);
CREATE INDEX division_names_by_name ON division_names (name);
