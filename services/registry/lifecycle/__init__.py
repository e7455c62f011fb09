"""Whether a household is on record, as the standing that procedures change: ends, merges and returns."""
