-- Divisions as they stand, for checking codes and listing; dated history is in the log.
CREATE TABLE divisions (
    code          text PRIMARY KEY COLLATE "C",
    level         text NOT NULL,
    name          text NOT NULL,
    aliases       text[] NOT NULL,
    declared_on   date NOT NULL,
    poor_village  text,              -- grade on the list of poor villages
    designated_on date
);
