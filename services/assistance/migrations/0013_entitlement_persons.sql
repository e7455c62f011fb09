-- How many persons a grant is for, so that what was paid can be told in households and in persons.
ALTER TABLE entitlements ADD COLUMN persons int NOT NULL DEFAULT 1;
