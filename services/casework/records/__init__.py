"""What was done, for whom, by whom: records of kinds that documents describe, and what they come to in persons and times."""
