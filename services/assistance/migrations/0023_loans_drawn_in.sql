-- Whom a loan draws in: asked of each household that is visited.
CREATE INDEX loan_accounts_drawn_in ON loan_accounts USING gin (drawn_in) WHERE known_until IS NULL AND cardinality(drawn_in) > 0;
