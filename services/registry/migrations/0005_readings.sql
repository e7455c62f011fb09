-- What each account read in plain on each day, in figures: whether it is unusual is asked when somebody looks.
CREATE TABLE reading_days (
    stream     text    NOT NULL,                -- day and account
    account    text    NOT NULL,
    day        date    NOT NULL,
    area       text    NOT NULL COLLATE "C",    -- of the reader's office
    requests   int     NOT NULL,
    households int     NOT NULL,
    on_paper   int     NOT NULL,                -- households with nothing open that was named
    by_hour    int[]   NOT NULL,                -- households opened, by the hour in Shanghai
    reviewed   boolean NOT NULL
);
CREATE INDEX reading_days_of ON reading_days (account, day);
CREATE INDEX reading_days_unreviewed ON reading_days (area, day) WHERE NOT reviewed;
CREATE INDEX reading_days_stream ON reading_days (stream);
