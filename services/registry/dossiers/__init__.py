"""The dossier of a household: all that the register holds of it on one paper."""
