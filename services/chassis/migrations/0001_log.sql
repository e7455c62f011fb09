-- runs as: owner
-- The tables that are never rewritten: the service reads and appends, and cannot do more (services/chassis/postgres/accounts.py).

-- One append-only log per service. Column names are those of the eventsourcing library's recorder, which reads this
-- table; recorded_at, command_id and actor are the envelope assigned under the append lock.
CREATE TABLE log (
    originator_id      text        NOT NULL,  -- stream
    originator_version bigint      NOT NULL,
    topic              text        NOT NULL,  -- type name / type version
    state              bytea       NOT NULL,  -- canonical payload, personal fields sealed
    notification_id    bigint      NOT NULL,  -- position: gapless, in commit order
    recorded_at        timestamptz NOT NULL,
    command_id         uuid        NOT NULL,
    actor              text        NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
);
CREATE UNIQUE INDEX log_position ON log (notification_id);

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON log
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER log_is_never_truncated BEFORE TRUNCATE ON log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Entries of other services' logs that this service folds, as received. A view of theirs can so be folded again when
-- a late or annulling fact arrives, without asking the producer.
CREATE TABLE copies (
    log                text        NOT NULL,
    notification_id    bigint      NOT NULL,
    originator_id      text        NOT NULL,
    originator_version bigint      NOT NULL,
    topic              text        NOT NULL,
    state              bytea       NOT NULL,
    recorded_at        timestamptz NOT NULL,
    command_id         uuid        NOT NULL,
    actor              text        NOT NULL,
    subject            uuid,                  -- the household, where the fact is about one and its type is known
    PRIMARY KEY (log, notification_id)
);
CREATE INDEX copies_by_subject ON copies (subject, log, notification_id) WHERE subject IS NOT NULL;
CREATE INDEX copies_by_stream ON copies (log, originator_id, originator_version);
CREATE TRIGGER copies_are_append_only BEFORE UPDATE OR DELETE ON copies
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER copies_are_never_truncated BEFORE TRUNCATE ON copies
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
