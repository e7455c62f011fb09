-- One row per data key of a person or household: one key for ever. Its own database, so that its backups can be
-- short-lived: whoever restores an old copy of this table brings back what was destroyed since.
CREATE TABLE data_keys (
    subject      uuid        PRIMARY KEY,
    key_id       bigint      NOT NULL CHECK (key_id > 0),  -- random, and named by every value sealed under the key
    wrapped      bytea       NOT NULL,  -- sealed under the key-encryption key: the key, or that it was destroyed
    kek_number   integer     NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz
);
CREATE INDEX data_keys_by_kek ON data_keys (kek_number, subject);
CREATE INDEX data_keys_destroyed ON data_keys (destroyed_at) WHERE destroyed_at IS NOT NULL;

CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a destroyed key stays destroyed, and stays on record' USING ERRCODE = 'restrict_violation';
END $$;
-- That it was destroyed may be wrapped anew; it does not become a key by that.
CREATE TRIGGER destroyed_is_for_ever BEFORE UPDATE ON data_keys
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL AND (OLD.subject, OLD.key_id, OLD.created_at, OLD.destroyed_at)
        IS DISTINCT FROM (NEW.subject, NEW.key_id, NEW.created_at, NEW.destroyed_at))
    EXECUTE FUNCTION refuse_revival();
CREATE TRIGGER keys_are_never_deleted BEFORE DELETE ON data_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_revival();

-- By what each key-encryption key is recognised.
CREATE TABLE key_encryption_keys (
    number      integer     PRIMARY KEY,
    check_value bytea       NOT NULL,
    first_used  timestamptz NOT NULL DEFAULT now()
);

-- What is about several subjects (a case, minutes) has a key of its own, found here under each of them.
CREATE TABLE key_concerns (
    subject uuid NOT NULL,
    key     uuid NOT NULL,
    PRIMARY KEY (subject, key)
);
