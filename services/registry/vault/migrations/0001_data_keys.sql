-- One row per data key of a person or household. Its own database, so that its backups can be short-lived:
-- whoever restores an old copy of this table brings back what was shredded since.
CREATE TABLE data_keys (
    subject      uuid        NOT NULL,
    number       integer     NOT NULL CHECK (number > 0),
    wrapped      bytea,                 -- sealed under the key-encryption key; null once destroyed
    kek_number   integer,
    created_at   timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (subject, number),
    CHECK ((destroyed_at IS NULL) = (wrapped IS NOT NULL)),
    CHECK ((wrapped IS NULL) = (kek_number IS NULL))
);
CREATE INDEX data_keys_by_kek ON data_keys (kek_number) WHERE wrapped IS NOT NULL;
CREATE INDEX data_keys_destroyed ON data_keys (destroyed_at) WHERE destroyed_at IS NOT NULL;

CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a destroyed key stays destroyed, and stays on record' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER destroyed_is_for_ever BEFORE UPDATE ON data_keys
    FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION refuse_revival();
CREATE TRIGGER keys_are_never_deleted BEFORE DELETE ON data_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_revival();

-- What is about several subjects (a case, minutes) has a key of its own, found here under each of them.
CREATE TABLE key_concerns (
    subject uuid NOT NULL,
    key     uuid NOT NULL,
    PRIMARY KEY (subject, key)
);
