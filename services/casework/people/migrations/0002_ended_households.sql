-- Households that ended, which are few: what still goes on for them waits in the inbox of their area.
CREATE INDEX households_ended ON households (division) WHERE status = 'cancelled';
