-- When each project reached which stage, with the time in which that was known: figures by place and month of any day as known at any
-- instant are one statement. From this service's own log. Of rows that were written before, nothing until the view is rebuilt.
CREATE TABLE project_stages (
    project_id  uuid        NOT NULL,
    division    text        NOT NULL COLLATE "C",
    kind        text        NOT NULL,
    stage       text        NOT NULL,
    on_day      date        NOT NULL,
    fen         bigint      NOT NULL,          -- what its components cost
    known_from  timestamptz NOT NULL,
    known_until timestamptz                    -- null: known to this day
);
CREATE INDEX project_stages_of ON project_stages (project_id);
CREATE INDEX project_stages_by_place ON project_stages (division, on_day) INCLUDE (stage, kind, fen, known_from, known_until);
