-- What is known now of each post that stands: for the duty to recertify it, which the streams decide.
CREATE TABLE post_tenures (
    staff_id uuid NOT NULL,
    post_id  uuid PRIMARY KEY,
    division text NOT NULL COLLATE "C",
    since    date NOT NULL,
    begins   date NOT NULL,  -- the later of since and the day of recording
    until    date            -- first day without the post
);
CREATE INDEX post_tenures_of ON post_tenures (staff_id);

CREATE TABLE post_reviews (
    staff_id uuid NOT NULL,
    post_id  uuid NOT NULL,
    fact     text NOT NULL,
    day      date NOT NULL,
    PRIMARY KEY (post_id, fact)
);
CREATE INDEX post_reviews_of ON post_reviews (staff_id);
