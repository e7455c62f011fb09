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
