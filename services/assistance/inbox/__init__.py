"""What asks somebody of assistance to look: refused reactions, aid to review."""
