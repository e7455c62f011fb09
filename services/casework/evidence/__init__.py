"""Evidence: files with an id, a data key and subjects of their own. Facts cite id, digest of the sealed bytes and kind."""
