-- runs as: owner
-- Digests of entries (contracts/entry_digest.py), written once, soon after the entries: of this service's own log, which it
-- publishes; and of every log that it copies, as the producer published them when the copy was first compared.
CREATE TABLE log_digests (
    log      text   NOT NULL,
    position bigint NOT NULL,  -- of the last entry covered; no row reaches across a multiple of 1,024
    digests  bytea  NOT NULL CHECK (octet_length(digests) BETWEEN 32 AND 32768 AND octet_length(digests) % 32 = 0),
    copied   bytea,            -- of another log: a bit for each of these entries, 1 where a copy is kept here
    PRIMARY KEY (log, position)
);
CREATE TRIGGER log_digests_are_append_only BEFORE UPDATE OR DELETE ON log_digests
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER log_digests_are_never_truncated BEFORE TRUNCATE ON log_digests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
