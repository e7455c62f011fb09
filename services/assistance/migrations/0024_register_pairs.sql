-- Pairs that follow the register: the helper that every household in it must have. What `pairings` held is kept no more.
CREATE TABLE register_pairs (LIKE pairs INCLUDING DEFAULTS, PRIMARY KEY (subject, number));
CREATE INDEX register_pairs_by_helper ON register_pairs (helper, subject) WHERE NOT void;
CREATE INDEX register_pairs_begun ON register_pairs ((greatest(since, known_on))) WHERE NOT void;
CREATE INDEX register_pairs_left ON register_pairs ((greatest(until, end_known_on))) WHERE NOT void;
