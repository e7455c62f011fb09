-- The first notice of a case that is over and is to come down: until when, and whose that is.
ALTER TABLE cases ADD COLUMN take_down_by date, ADD COLUMN take_down_level text, ADD COLUMN take_down_role text;
CREATE INDEX cases_to_take_down ON cases (subject) WHERE take_down_by IS NOT NULL;
