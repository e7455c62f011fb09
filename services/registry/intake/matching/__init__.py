"""Drafts matched with the register: which persons they are, what is new, what differs. Pure."""
