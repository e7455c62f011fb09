-- Which streams of the staff directory an account leads to, and a deputy; void facts included, for as known then they
-- counted. Who held which post is folded from the copied facts themselves.
CREATE TABLE staff_accounts (
    staff_id uuid NOT NULL,
    account  text NOT NULL COLLATE "C",
    PRIMARY KEY (account, staff_id)
);
CREATE INDEX staff_accounts_of ON staff_accounts (staff_id);

CREATE TABLE staff_deputies (
    staff_id uuid NOT NULL,  -- whose posts they are
    deputy   uuid NOT NULL,
    PRIMARY KEY (deputy, staff_id)
);
CREATE INDEX staff_deputies_of ON staff_deputies (staff_id);
