"""Read-your-writes across logs, as in every service that reacts to another's log with facts of its own."""

from services.casework.positions import wait_for_own_head, wait_for_positions

__all__ = ["wait_for_own_head", "wait_for_positions"]
