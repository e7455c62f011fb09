"""The tables ``pairs`` and ``help_listings``, and of pairs that follow the register ``register_pairs`` and ``helpers``."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairing import HelperAssigned, HelperReleased, PairingEnded, PairingFactsAnnulled
from contracts.assistance.pairs import PairFact
from contracts.facts import Recorded
from services.assistance.pairs.domain import helper_id
from services.assistance.pairs.state import Listing, Pair, helped
from services.assistance.pairs.streams import FOLLOWING_PREFIX, PREFIX
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TYPES = frozenset(kind.type_name for kind in PairFact.__subclasses__())
FOLLOWING_TYPES = TYPES | {k.type_name for k in (HelperAssigned, HelperReleased, PairingEnded, PairingFactsAnnulled)}
COLUMNS = (
    "subject", "number", "kind", "about", "place", "helper", "unit", "helper_subject", "mode", "formed_on", "formed_known_on",
    "committed_first", "since", "known_on", "ends_on", "until", "end_known_on", "reason", "exit_by", "took_over_from",
    "moved_from", "entered_by", "void",
)  # fmt: skip
PAIRS, REGISTER_PAIRS = (Table(name, "subject", COLUMNS) for name in ("pairs", "register_pairs"))
HELPERS = Table("helpers", "household_id", ("household_id", "helper", "helper_id"))
ALL_PAIRS: LiteralString = "(SELECT * FROM pairs UNION ALL SELECT * FROM register_pairs)"
"""SQL of pairs of every kind."""
LISTINGS = Table(
    "help_listings", "subject",
    ("subject", "number", "kind", "about", "place", "priority", "since", "known_on", "until"),
)  # fmt: skip
PAIRED_DIVISIONS: LiteralString = (
    "SELECT subject, place AS division FROM pairs WHERE place IS NOT NULL"
    " UNION SELECT subject, place FROM help_listings WHERE place IS NOT NULL"
)
"""SQL of the relation (subject, division) of divisions that are helped."""


def view() -> View[UUID]:
    return view_of_streams("pairs", (PAIRS, LISTINGS), TYPES, PREFIX, UUID, _rows)


def register_view() -> View[UUID]:
    """Of pairs that follow the register; ``helpers``: everybody who was ever said to be a household's helper, annulled or not."""
    tables = (REGISTER_PAIRS, HELPERS)
    return view_of_streams("register_pairs", tables, FOLLOWING_TYPES, FOLLOWING_PREFIX, UUID, _following_rows)


def _following_rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    pairs = helped(facts).pairs.values()
    ever = dict.fromkeys(helper for r in facts if (helper := getattr(r.fact, "helper", None)) is not None)
    return [_pair(household, pair) for pair in pairs], [(household, helper, helper_id(helper)) for helper in ever]


def _rows(subject: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    found = helped(facts)
    return (
        [_pair(subject, pair) for pair in found.pairs.values()],
        [_listing(subject, one) for one in found.listings.values()],
    )


def _pair(subject: UUID, pair: Pair) -> Row:
    formed, begins, end = pair.formed, pair.begins, pair.end
    if pair.follows_register and pair.until is not None:
        end = end or pair.told  # that it ends was known with it
    return (
        subject, pair.number, formed.kind, str(formed.about), formed.place, formed.helper, formed.unit, formed.helper_subject,
        formed.mode, pair.told.day, pair.told.known_on, formed.committed_first, begins and begins.day,
        begins and begins.known_on, formed.ends_on, pair.until, end and end.known_on, pair.reason,
        pair.contract and pair.contract.exit_by, formed.took_over_from, formed.moved_from, formed.entered_by, pair.void,
    )  # fmt: skip


def _listing(subject: UUID, one: Listing) -> Row:
    told = one.listed
    return (
        subject, one.number, told.kind, str(told.about), told.place, told.priority, one.told.day, one.told.known_on, one.until,
    )  # fmt: skip
