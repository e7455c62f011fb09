-- What is open, oldest first: a page of the inbox of a large area.
CREATE INDEX cases_in_order ON cases (latest_on, (case_id::text)) WHERE outcome IS NULL;
