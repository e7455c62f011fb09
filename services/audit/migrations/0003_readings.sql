-- Who read what of whom, by subject: a table for each log, since a stream of one name stands in several.
CREATE TABLE readings_registry (
    stream      text        NOT NULL,               -- day and account
    account     text        NOT NULL,
    area        text        NOT NULL COLLATE "C",   -- of the reader's office
    day         date        NOT NULL,
    read_at     timestamptz NOT NULL,
    reading     text        NOT NULL,               -- id of the fact
    kind        text        NOT NULL,               -- personal_data, record_text, evidence, export
    purpose     text,                               -- none of an export
    subject     uuid        NOT NULL,               -- a household, a person …; of an export nobody: nil
    what        text[]      NOT NULL,               -- fields, the record, the file, or the list
    matters     text[]      NOT NULL,               -- what it was for
    order_no    text,                               -- the paper that it rests on
    items       int                                 -- of an export
);
CREATE INDEX readings_registry_stream ON readings_registry (stream);
CREATE INDEX readings_registry_of ON readings_registry (subject, read_at);
CREATE INDEX readings_registry_by ON readings_registry (account, read_at);
CREATE INDEX readings_registry_in ON readings_registry (area, read_at);
CREATE TABLE readings_assistance (LIKE readings_registry INCLUDING ALL);
CREATE TABLE readings_monitoring (LIKE readings_registry INCLUDING ALL);
CREATE TABLE readings_audit (LIKE readings_registry INCLUDING ALL);
