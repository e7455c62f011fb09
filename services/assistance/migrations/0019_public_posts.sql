-- Matches of offers stand among the entries, found by the offer; wages are found by who earned them, wherever they live.
DROP INDEX employment_entries_by_household;
CREATE INDEX employment_entries_by_offer ON employment_entries (offer_id) WHERE offer_id IS NOT NULL;
