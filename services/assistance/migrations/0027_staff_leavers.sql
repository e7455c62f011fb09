-- Who, by the staff directory, acts under an account no longer, or holds no post any more: from which day on, which may be to come.
CREATE TABLE staff_leavers (
    staff_id uuid NOT NULL,
    account  text NOT NULL COLLATE "C",
    since    date NOT NULL,
    PRIMARY KEY (staff_id, account)
);
