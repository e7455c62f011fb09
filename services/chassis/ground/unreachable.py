"""What says that the database, or the producer of a log, cannot be reached at this moment: wait and try again. Nothing was
decided, and nothing is wrong with the data."""

import httpx
import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError

UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError, httpx.HTTPError)
"""For ``except``; the eventsourcing library's recorder tells the same as psycopg in errors of its own."""
