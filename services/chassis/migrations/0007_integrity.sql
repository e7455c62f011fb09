-- How far the comparison of each log (the service's own, or its copy of another's) with the digests has come.
CREATE TABLE integrity_progress (
    log               text        PRIMARY KEY,
    stretch           bigint      NOT NULL,  -- the next one of the pass through the whole log
    pass_began        timestamptz NOT NULL,
    pass_completed    timestamptz,           -- when the latest whole pass ended
    newest_compared   timestamptz,           -- when everything up to compared_through was last compared at its newest end
    compared_through  bigint      NOT NULL,
    rewritten         bigint      NOT NULL   -- rows that the database counted as updated or deleted, at the latest whole pass
);

-- Entries at which a log, its copy and their digests do not agree. Kept when they agree again.
CREATE TABLE integrity_differences (
    log      text        NOT NULL,
    position bigint      NOT NULL,
    altered  text        NOT NULL,  -- services.chassis.integrity.verdicts
    found_at timestamptz NOT NULL,
    gone_at  timestamptz,
    PRIMARY KEY (log, position)
);
CREATE INDEX integrity_differences_open ON integrity_differences (log, position) WHERE gone_at IS NULL;
