"""Clues (线索): how monitoring begins. Received with a receipt, accepted or refused in time, and ended."""
