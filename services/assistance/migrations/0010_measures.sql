-- What counts of each household's measures, since when and until when it was known to. ``amount`` is meaningless without ``unit``.
CREATE TABLE measure_entries (
    household_id uuid NOT NULL,
    measure_id   uuid NOT NULL,
    measure_kind text NOT NULL,
    help         text NOT NULL,
    division     text NOT NULL COLLATE "C",       -- of the household when the measure began
    persons      integer NOT NULL,                -- of the household then
    grade        text,
    entry        text NOT NULL,                   -- begun, step, delivered, withdrawn
    step         text,
    last_step    boolean NOT NULL,
    on_day       date NOT NULL,
    amount       numeric,
    unit         text,
    known_from   timestamptz NOT NULL,
    known_until  timestamptz
);
CREATE INDEX measure_entries_of ON measure_entries (household_id);
CREATE INDEX measure_entries_by_place ON measure_entries (division, measure_id);

-- Each household's plan as known now, and the causes that no measure answers.
CREATE TABLE household_plans (
    household_id uuid PRIMARY KEY,
    division     text NOT NULL COLLATE "C",
    drawn_on     date NOT NULL,
    through      date NOT NULL,
    label        text,
    causes       text[] NOT NULL,
    unplanned    text[] NOT NULL,
    not_begun    text[] NOT NULL
);
CREATE INDEX household_plans_by_place ON household_plans (division, household_id);
