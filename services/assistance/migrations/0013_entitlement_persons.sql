-- How many persons a grant is for, so that what was paid can be told in households and in persons. Not known of rows that were
-- written before, until the view is rebuilt.
ALTER TABLE entitlements ADD COLUMN persons int;
