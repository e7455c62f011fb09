"""What says that the database, the producer of a log or the vault cannot be reached at this moment: wait and try again.
Nothing was decided, and nothing is wrong with the data."""

import httpx
import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError

from services.chassis.ground.refusals import Unavailable

UNREACHABLE = (
    psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError, httpx.HTTPError, Unavailable,
)  # fmt: skip
"""For ``except``; the eventsourcing library's recorder tells the same as psycopg in errors of its own."""


def kind_of(error: Exception) -> str:
    """What a log line may say of it: texts of errors may quote values."""
    status = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
    return f"{type(error).__name__}{status}"
