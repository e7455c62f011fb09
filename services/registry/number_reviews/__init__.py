"""Reviews of ID numbers that somebody in another area holds already."""
