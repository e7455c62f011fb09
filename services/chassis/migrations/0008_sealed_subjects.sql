-- Under whose data keys a log that this service appends to or folds is sealed, with the position of the first such fact. A key
-- that the vault does not have and that stands here was lost.
CREATE TABLE sealed_subjects (
    subject  uuid   NOT NULL,
    key_id   bigint NOT NULL,
    log      text   NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (subject, key_id)
);
CREATE INDEX sealed_subjects_by_position ON sealed_subjects (log, position);
