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
