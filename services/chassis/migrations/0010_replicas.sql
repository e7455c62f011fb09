-- The running copies of this service, each by its own heartbeat (log/replicas.py). On the database's clock alone.
CREATE TABLE replicas (
    id         uuid        PRIMARY KEY,
    release    text        NOT NULL,
    formats    text[]      NOT NULL,  -- what it can read: facts as type name/version, views as view name/version
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);

-- Formats that may stand in this database. One is added, under the append lock, when every living replica can read it;
-- from then on a release that cannot does not start any more. Never shrinks.
CREATE TABLE admitted_formats (
    format      text        PRIMARY KEY,
    admitted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
