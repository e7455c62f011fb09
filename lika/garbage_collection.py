"""How often Python's collector walks through all there is in search of cycles, which are rare here: some megabytes of them may
wait."""

import gc

THRESHOLDS = 50_000, 10, 10


def collect_rarely() -> None:
    """A program that loads makes hundreds of thousands of objects that stay: an eighth of the time it takes to start."""
    gc.set_threshold(*THRESHOLDS)


def leave_out_what_is_there() -> None:
    """What has been set up by now stays, and a group of commands holds thousands of objects for some milliseconds: for them
    the collector would walk through all of it again and again, for a third of a server's time."""
    gc.collect()
    gc.freeze()
    collect_rarely()
