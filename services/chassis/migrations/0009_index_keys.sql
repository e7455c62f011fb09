-- The keys of keyed digests that this database's service ever started with, by number: whoever comes with another key under
-- one of these numbers is another installation. The value tells whether a key is the same, and not the key.
CREATE TABLE index_keys (
    number        integer PRIMARY KEY,
    check_value   bytea NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now()
);
