"""Check rules of helpers: what of the households that one of them has can hardly be so."""
