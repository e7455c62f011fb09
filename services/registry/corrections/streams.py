"""The stream of a household's corrections and reports."""

from uuid import UUID

PREFIX = "corrections-"


def stream_of(household_id: UUID) -> str:
    return f"{PREFIX}{household_id}"
