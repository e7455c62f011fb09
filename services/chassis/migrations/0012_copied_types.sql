-- Since when each type of another log is copied here (following/copied_types.py): entries up to this position were read and not kept.
CREATE TABLE copied_types (
    log       text   NOT NULL,
    type_name text   NOT NULL,
    since     bigint NOT NULL,
    PRIMARY KEY (log, type_name)
);
