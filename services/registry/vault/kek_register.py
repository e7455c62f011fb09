"""Which key-encryption keys the vault's keys were ever wrapped under, by number, and whether those at hand are they."""

import psycopg

from services.chassis.ground.messages import ExplainedError, Message
from services.registry.messages import say
from services.registry.vault.kek import KeyEncryption

REGISTER = "INSERT INTO key_encryption_keys (number, check_value) VALUES (%s, %s) ON CONFLICT DO NOTHING"
REGISTERED = """
SELECT number, check_value, EXISTS (SELECT FROM data_keys WHERE kek_number = number) FROM key_encryption_keys ORDER BY number
"""


class KekUnfit(ExplainedError):
    """The key-encryption keys at hand are not those of this vault; nothing was made or changed."""


def registered(conninfo: str) -> bool:
    """Whether anything can have been wrapped yet."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return connection.execute("SELECT EXISTS (SELECT FROM key_encryption_keys)").fetchone() == (True,)


def require_fitting(conninfo: str, kek: KeyEncryption) -> None:
    """Register the key-encryption keys that are new here. Raises ``KekUnfit`` where one is another key of its number, or where
    one is not held that data keys are wrapped under."""
    with psycopg.connect(conninfo) as connection:
        if (unfit := unfit_keks(connection, kek)) is not None:
            raise KekUnfit(unfit)
        for number in kek.numbers:
            connection.execute(REGISTER, (number, kek.check_value(number)))
        # Another process may have been faster, with another key of the same number.
        if (unfit := unfit_keks(connection, kek)) is not None:
            raise KekUnfit(unfit)


def unfit_keks(connection: psycopg.Connection[tuple[object, ...]], kek: KeyEncryption) -> Message | None:
    """What is wrong with the key-encryption keys at hand."""
    for number, check_value, used in connection.execute(REGISTERED).fetchall():
        assert isinstance(number, int)
        assert isinstance(check_value, bytes)
        if number not in kek.numbers:
            if used:
                return say("kek_not_held", number=number)
        elif not kek.fits(check_value, number):
            return say("kek_wrong", number=number)
    return None
