-- Entries about one beneficiary's due that were annulled: what was known before is still asked.
ALTER TABLE unit_money ADD COLUMN annulled_at timestamptz;
