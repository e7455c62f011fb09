-- Keyed digests (HMAC-SHA256, under every active index key) of the ID number and the full name of everybody who is a member now,
-- and where they live: what a search by either reads. One index holds all that it needs, so that what lies outside the area asked
-- about is not even visited.
CREATE TABLE identity_digests (
    household_id uuid    NOT NULL,
    person_id    uuid    NOT NULL,
    kind         text    NOT NULL,
    key_number   integer NOT NULL,
    digest       bytea   NOT NULL,
    division     text    NOT NULL COLLATE "C"
);
CREATE INDEX identity_digests_by_digest ON identity_digests (digest, division, household_id, person_id);
CREATE INDEX identity_digests_of ON identity_digests (household_id);
CREATE INDEX identity_digests_of_person ON identity_digests (person_id);
CREATE INDEX identity_digests_by_key ON identity_digests (kind, key_number);
