"""What somebody must look at: refused reactions, aid to review, missed duties."""
