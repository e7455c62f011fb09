"""Facts that need attention: refused reactions, aid to review, missed duties."""
