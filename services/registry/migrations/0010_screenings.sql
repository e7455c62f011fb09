-- Village groups and the yearly screening of their households (contracts/registry/screenings.py), each as it was known: from one instant
-- (exclusive) up to another (inclusive).
CREATE TABLE village_groups (
    group_id   uuid        NOT NULL,
    division   text        NOT NULL COLLATE "C",
    name       text        NOT NULL,
    kind       text        NOT NULL,
    since      date        NOT NULL,
    begins     date        NOT NULL,  -- the later of since and the day of recording
    until      date,                  -- first day without it
    known_from timestamptz NOT NULL,
    known_to   timestamptz NOT NULL
);
CREATE INDEX village_groups_of ON village_groups (group_id);
CREATE INDEX village_groups_by_division ON village_groups (division, group_id);

CREATE TABLE group_screenings (
    group_id          uuid        NOT NULL,
    division          text        NOT NULL COLLATE "C",
    fact              text        NOT NULL,
    day               date        NOT NULL,
    screened_by       text        NOT NULL,
    households        int         NOT NULL,
    persons           int         NOT NULL,
    missed_households int         NOT NULL,  -- not reached
    missed_persons    int         NOT NULL,
    clues             int         NOT NULL,
    known_from        timestamptz NOT NULL,
    known_to          timestamptz NOT NULL
);
CREATE INDEX group_screenings_of ON group_screenings (group_id, day);
CREATE INDEX group_screenings_by_division ON group_screenings (division, day);
