-- Where to look in the staff directory: which streams an account, a division or a deputy leads to. Void facts are among
-- them, for as known then they counted; what held on a day is folded from the streams.
CREATE TABLE staff_accounts (
    staff_id uuid NOT NULL,
    account  text NOT NULL COLLATE "C",
    PRIMARY KEY (account, staff_id)
);
CREATE INDEX staff_accounts_of ON staff_accounts (staff_id);

CREATE TABLE staff_posts (
    staff_id uuid NOT NULL,
    post_id  uuid NOT NULL,
    division text NOT NULL COLLATE "C",
    PRIMARY KEY (division, post_id)
);
CREATE INDEX staff_posts_of ON staff_posts (staff_id);
CREATE INDEX staff_posts_by_id ON staff_posts (post_id);

CREATE TABLE staff_deputies (
    staff_id uuid NOT NULL,  -- whose posts they are
    deputy   uuid NOT NULL,
    PRIMARY KEY (deputy, staff_id)
);
CREATE INDEX staff_deputies_of ON staff_deputies (staff_id);
