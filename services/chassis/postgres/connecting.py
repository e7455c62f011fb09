"""What a database said when it would not let us in, in words that tell what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from services.chassis.ground.messages import CHASSIS
from services.chassis.postgres.databases import DatabaseUnavailable


@contextmanager
def connecting(service: str) -> Iterator[None]:
    """Raises ``DatabaseUnavailable`` for whatever the database says."""
    try:
        yield
    except psycopg.Error as error:
        raise DatabaseUnavailable(CHASSIS.say("database_refuses_account", service=service), str(error)) from error
