"""Targets: the work list and the yearly exit target, from being set to being struck off."""
