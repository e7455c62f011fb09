"""Pairs of every kind that documents describe: who helps whom, what both promised, how it ends."""
