"""Acts about divisions that carry households: merged, split, recoded, ended, and annulled."""
