-- Organisations, teams and places, and people outside of the register.
CREATE TABLE parties (
    party_id  uuid PRIMARY KEY,
    kind      text NOT NULL,
    division  text NOT NULL COLLATE "C",
    name      text,                      -- of an organisation; nobody's
    number    text,                      -- of a person, in the list of an organisation
    account   text,
    leader    text,
    member_of uuid,
    since     date NOT NULL,
    known_on  date NOT NULL,             -- when that was recorded
    until     date                       -- the first day without
);
CREATE INDEX parties_by_place ON parties (division, party_id);
CREATE INDEX parties_by_kind ON parties (kind);
CREATE INDEX parties_by_account ON parties (account) WHERE account IS NOT NULL;

-- Pairs of every kind that documents describe; the subject is whoever is helped.
CREATE TABLE pairs (
    subject         uuid    NOT NULL,
    number          int     NOT NULL,    -- version of the fact that formed it, in its stream
    kind            text    NOT NULL COLLATE "C",
    about           text    NOT NULL,
    place           text    COLLATE "C", -- the division that is helped
    helper          text    NOT NULL,
    unit            text    NOT NULL,
    helper_subject  uuid,
    mode            text,
    formed_on       date    NOT NULL,
    formed_known_on date    NOT NULL,
    committed_first boolean NOT NULL,
    since           date,                -- when it took effect: not before both signed, where letters are asked for
    known_on        date,
    ends_on         date,                -- as agreed
    until           date,                -- the first day without this helper
    end_known_on    date,
    reason          text,
    exit_by         date,                -- by a contract to exit
    took_over_from  text,
    moved_from      uuid,
    entered_by      text    NOT NULL,
    void            boolean NOT NULL,
    PRIMARY KEY (subject, number)
);
CREATE INDEX pairs_by_helper ON pairs (helper, subject) WHERE NOT void;
CREATE INDEX pairs_by_kind ON pairs (kind) WHERE NOT void;
CREATE INDEX pairs_begun ON pairs ((greatest(since, known_on))) WHERE NOT void;
CREATE INDEX pairs_formed ON pairs ((greatest(formed_on, formed_known_on))) WHERE NOT void;

-- Those whom pairs of a kind are for.
CREATE TABLE help_listings (
    subject  uuid NOT NULL,
    number   int  NOT NULL,
    kind     text NOT NULL COLLATE "C",
    about    text NOT NULL,
    place    text COLLATE "C",
    priority text,
    since    date NOT NULL,
    known_on date NOT NULL,
    until    date,                       -- the first day off the list
    PRIMARY KEY (subject, number)
);
CREATE INDEX help_listings_by_kind ON help_listings (kind);
CREATE INDEX help_listings_begun ON help_listings ((greatest(since, known_on)));
