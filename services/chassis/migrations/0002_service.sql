-- What became of each command, so that a repeated request has one effect and one answer. Never holds a body.
CREATE TABLE commands (
    principal  text        NOT NULL,
    route      text        NOT NULL,
    key        text        NOT NULL,
    command_id uuid        NOT NULL UNIQUE,
    digest     bytea       NOT NULL,
    status     int         NOT NULL,
    code       text,
    location   text,
    position   bigint      NOT NULL,  -- head of the log when the command was answered
    decided_at timestamptz NOT NULL,
    warnings   text,                  -- what was accepted and should be looked at, as JSON
    PRIMARY KEY (principal, route, key)
);

-- Uniqueness without plaintext: (kind, key number, keyed digest) belongs to one holder.
CREATE TABLE claims (
    kind       text  NOT NULL,
    key_number int   NOT NULL,
    digest     bytea NOT NULL,
    holder     uuid  NOT NULL,
    PRIMARY KEY (kind, key_number, digest)
);
CREATE INDEX claims_by_holder ON claims (holder);

-- How far each consumer has read each log; moved only from the position it believes to be at.
CREATE TABLE cursors (
    consumer text   NOT NULL,
    log      text   NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (consumer, log)
);

-- Deadlines, stored with the fact that set them.
CREATE TABLE timers (
    id      uuid        PRIMARY KEY,
    kind    text        NOT NULL,
    stream  text        NOT NULL,
    due_at  timestamptz NOT NULL,
    set_by  text        NOT NULL,
    done_at timestamptz
);
CREATE INDEX timers_open ON timers (due_at, id) WHERE done_at IS NULL;

-- Poison: entries a consumer could not digest, and the later entries of the same subject, in order.
CREATE TABLE parked (
    consumer  text        NOT NULL,
    log       text        NOT NULL,
    position  bigint      NOT NULL,
    subject   text        NOT NULL,
    error     text        NOT NULL,  -- exception type only
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, log, position)
);
CREATE INDEX parked_by_subject ON parked (consumer, log, subject);

-- Nothing will ever be recorded before this instant: what is known up to it is final.
CREATE TABLE closing (
    single         boolean     PRIMARY KEY DEFAULT true CHECK (single),
    closed_through timestamptz NOT NULL
);
INSERT INTO closing VALUES (true, '1900-01-01 00:00:00+00');
