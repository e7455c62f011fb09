-- The current state of targets, from this service's own log. What an exit target has achieved is counted from exits.
CREATE TABLE targets (
    target_id      uuid    PRIMARY KEY,
    division       text    NOT NULL COLLATE "C",
    year           int     NOT NULL,
    item           text    NOT NULL COLLATE "C",
    set_on         date    NOT NULL,
    deadline       date    NOT NULL,
    quantities_met boolean,           -- null for an exit target
    households     bigint,            -- the exit target's two figures, else null
    persons        bigint,
    state_if_met   text    NOT NULL,
    state_if_short text    NOT NULL,  -- while a quantity is not met
    target_json    jsonb   NOT NULL   -- the folded target
);
CREATE INDEX targets_by_deadline ON targets (deadline, item, target_id);
CREATE INDEX targets_by_place ON targets (division, year);

CREATE TABLE target_owners (
    target_id uuid NOT NULL,
    division  text NOT NULL COLLATE "C",
    owner     text NOT NULL COLLATE "C",
    PRIMARY KEY (target_id, owner)
);
CREATE INDEX targets_by_owner ON target_owners (division, owner);

-- Exits from the registry's log, bitemporal: one row per version of an exit, with the time in which it was current.
CREATE TABLE exits (
    exit_id    text        NOT NULL,  -- id of the registry's HouseholdExited
    household  uuid        NOT NULL,
    exited_on  date        NOT NULL,
    division   text        NOT NULL COLLATE "C",  -- where the household lived when it exited
    persons    int         NOT NULL,  -- its members when it exited
    known_from timestamptz NOT NULL,
    known_to   timestamptz,           -- null: current
    PRIMARY KEY (exit_id, known_from)
);
CREATE INDEX exits_by_household ON exits (household);
CREATE INDEX exits_by_place ON exits (division, exited_on);

CREATE VIEW target_states AS
SELECT t.*, e.exited_households, e.exited_persons,
       CASE WHEN coalesce(t.quantities_met, e.exited_households >= t.households AND e.exited_persons >= t.persons)
            THEN t.state_if_met ELSE t.state_if_short END AS state
FROM targets t
CROSS JOIN LATERAL (
    SELECT count(*)::int AS exited_households, coalesce(sum(x.persons), 0)::int AS exited_persons
    FROM exits x
    WHERE t.households IS NOT NULL AND x.known_to IS NULL
      AND x.division >= t.division AND x.division < t.division || '~'
      AND x.exited_on BETWEEN make_date(t.year, 1, 1) AND make_date(t.year, 12, 31)
) e;
