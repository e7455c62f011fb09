"""What a village has, found on the spot, and how its income grows beside its county's."""
