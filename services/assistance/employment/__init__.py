"""Employment: from the offer to the job that is kept."""
