"""The household: its members, what a visit found out, and its poverty status."""
