-- Since when somebody else takes a unit's money; of those named before, until the table is made again (`lika rebuild assistance`), not known.
ALTER TABLE unit_payees ADD COLUMN named_on date;
