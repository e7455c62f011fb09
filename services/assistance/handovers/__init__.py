"""Somebody who helps leaves: what they had in hand is accepted line by line, and the rest falls to the leader."""
