-- Records of work, for lists of areas and counts; what they say is in the log. One row for each time in which a telling was in
-- force, by when that was known: after `since`, up to `until` and including it. What nearly all lack is null and takes no
-- byte; wide columns come first, so that none is padded.
CREATE TABLE records (
    stream     uuid        NOT NULL,  -- of subject and year: UUIDv5 of what follows the prefix of the stream's name
    subject    uuid        NOT NULL,
    since      timestamptz NOT NULL,
    until      timestamptz,           -- when it was corrected, annulled or confirmed
    day        date        NOT NULL,
    version    int         NOT NULL,  -- of the fact that tells it, in its stream
    persons    int,                   -- of a session: how many of `attendants` are persons; the others are households
    unnamed    int,                   -- heads at a session that were counted without names
    about      "char"      NOT NULL,  -- h household, p person, d division
    awaiting   boolean,               -- for a second person, and counts for nothing
    kind       text        NOT NULL COLLATE "C",
    place      text        COLLATE "C",  -- the division that it is about, where that is the subject
    attendants uuid[],
    PRIMARY KEY (stream, version, since)
);
CREATE INDEX records_of ON records (subject, day);
CREATE INDEX records_by_place ON records (place, day) WHERE place IS NOT NULL;
CREATE INDEX records_awaiting ON records (subject) WHERE awaiting AND until IS NULL;
CREATE INDEX records_attended_by ON records USING gin (attendants) WHERE attendants IS NOT NULL;
