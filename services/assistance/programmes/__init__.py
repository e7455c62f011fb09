"""Programmes: dated documents that say who is helped with what, by how much, who is paid, and what follows from the register."""
