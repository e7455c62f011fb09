"""Whom somebody helps, whatever the views show by now: found by the view, and by what was recorded since."""

from collections.abc import Collection
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairing import HelperAssigned
from contracts.assistance.pairs import PairFormed
from services.chassis.log.entries import topic_of
from services.chassis.log.unit import Tx

SINCE: LiteralString = (
    "(SELECT convert_from(l.state, 'UTF8')::jsonb AS told FROM log l WHERE l.topic = %(topic)s AND l.notification_id >"
    " coalesce((SELECT position FROM cursors WHERE consumer = %(log)s AND log = %(log)s), 0)) s"
)
"""What was recorded since the views were brought up to date: a few facts."""
PAIRED = (
    "SELECT DISTINCT subject FROM pairs WHERE {column}::text = ANY(%(values)s) UNION"
    f" SELECT (told->>'subject')::uuid FROM {SINCE} WHERE told->>'{{column}}' = ANY(%(values)s)"
)
HOUSEHOLDS = (
    "SELECT DISTINCT household_id FROM helpers WHERE helper = ANY(%(values)s) UNION"
    f" SELECT (told->>'household_id')::uuid FROM {SINCE} WHERE told->>'helper' = ANY(%(values)s)"
)


def helped_by(tx: Tx, accounts: Collection[str]) -> set[UUID]:
    """Subjects that these accounts help, or did, in pairs of any kind."""
    return _found(tx, PAIRED.format(column="helper"), topic_of(PairFormed), accounts)


def helped_by_subjects(tx: Tx, subjects: Collection[UUID]) -> set[UUID]:
    """Subjects that these persons or parties help, or did, as who they are on record."""
    return _found(tx, PAIRED.format(column="helper_subject"), topic_of(PairFormed), [str(s) for s in subjects])


def households_of(tx: Tx, accounts: Collection[str]) -> set[UUID]:
    """Households whose helper these accounts are, or were."""
    return _found(tx, HOUSEHOLDS, topic_of(HelperAssigned), accounts)


def _found(tx: Tx, sql: str, topic: str, values: Collection[str]) -> set[UUID]:
    if not values:
        return set()
    params = {"topic": topic, "log": tx.log, "values": list(values)}
    return {row[0] for row in tx.cur.execute(sql.encode(), params)}
