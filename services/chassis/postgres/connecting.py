"""What a database said when it would not let an account in, in words that tell what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from services.chassis.ground.messages import CHASSIS
from services.chassis.postgres.certificate import certificate_trouble
from services.chassis.postgres.databases import DatabaseUnavailable


@contextmanager
def connecting(service: str, conninfo: str) -> Iterator[None]:
    """Raises ``DatabaseUnavailable`` for whatever the database says."""
    try:
        yield
    except psycopg.Error as error:
        told = certificate_trouble(conninfo, error) or CHASSIS.say("database_refuses_account", service=service)
        raise DatabaseUnavailable(told, str(error)) from error
