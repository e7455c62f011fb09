"""Publishing the contracts: schemas, samples and the channel description, and the checks that keep them honest."""
