"""Whom somebody helps, whatever the views show by now: found by the views, and by what was recorded since."""

from collections.abc import Collection
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairs import HouseholdPairFormed, PairFormed
from services.assistance.pairs.view import ALL_PAIRS
from services.chassis.log.entries import topic_of
from services.chassis.log.unit import Tx

SINCE: LiteralString = (
    "(SELECT convert_from(l.state, 'UTF8')::jsonb AS told FROM log l WHERE l.topic = ANY(%(topics)s) AND l.notification_id >"
    " coalesce((SELECT position FROM cursors WHERE consumer = %(log)s AND log = %(log)s), 0)) s"
)
"""What was recorded since the views were brought up to date: a few facts."""
PAIRED = (
    f"SELECT DISTINCT subject FROM {ALL_PAIRS} p WHERE {{column}}::text = ANY(%(values)s) UNION"
    f" SELECT (told->>'subject')::uuid FROM {SINCE} WHERE told->>'{{column}}' = ANY(%(values)s)"
)
OF_FIRST_EDITION = " UNION SELECT household_id FROM helpers WHERE helper = ANY(%(values)s)"
"""Households whose helper somebody is or was, also while a view of this release waits to be rebuilt."""


def helped_by(tx: Tx, accounts: Collection[str]) -> set[UUID]:
    """Subjects that these accounts help, or did, in pairs of any kind."""
    return _found(tx, PAIRED.format(column="helper") + OF_FIRST_EDITION, accounts)


def helped_by_subjects(tx: Tx, subjects: Collection[UUID]) -> set[UUID]:
    """Subjects that these persons or parties help, or did, as who they are on record."""
    return _found(tx, PAIRED.format(column="helper_subject"), [str(s) for s in subjects])


def _found(tx: Tx, sql: str, values: Collection[str]) -> set[UUID]:
    if not values:
        return set()
    topics = [topic_of(PairFormed), topic_of(HouseholdPairFormed)]
    params = {"topics": topics, "log": tx.log, "values": list(values)}
    return {row[0] for row in tx.cur.execute(sql.encode(), params)}
