"""The yearly screening of all rural households: one record for each village group and round; a group that is not screened by the round's
end is a miss."""
