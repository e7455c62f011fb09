"""When the sample begins. Apart from it: a start needs no more of the sample than this instant."""

from datetime import UTC, datetime

CLOCK_START = datetime(2014, 5, 19, 1, tzinfo=UTC)
"""The Monday after the last survey, nine o'clock in Shanghai."""
