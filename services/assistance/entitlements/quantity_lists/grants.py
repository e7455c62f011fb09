"""Whose grants a list of quantities may be about: by the numbers that people know units by, and by what programmes are called."""

from collections.abc import Iterable, Iterator, Mapping
from typing import LiteralString
from uuid import UUID

from services.assistance.entitlements.quantity_lists.lines import Granted
from services.assistance.programmes.document import KIND, programme_from
from services.casework.documents.lookup import Lookup
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.log.snapshot import Connection
from services.chassis.web.areas import code_range

PROGRAMMES: LiteralString = (
    "SELECT DISTINCT programme FROM entitlement_places WHERE division >= %(low)s AND division < %(high)s"
)
GRANTS: LiteralString = (
    "SELECT case_id, unit_id, household_id, programme, granted_from, granted_until FROM entitlements"
    " WHERE division >= %(low)s AND division < %(high)s AND programme = ANY(%(programmes)s)"
)
NUMBERS = RegisteredNumbers(copied=True)


def granted_in(conn: Connection, area: str, named: Iterable[str], lookup: Lookup) -> list[Granted]:
    """What was granted in the area of the programmes that are ``named`` so, past and present."""
    low, high = code_range(area)
    of_area = {"low": low, "high": high}
    wanted = set(named)
    names = {
        key: found
        for (key,) in conn.execute(PROGRAMMES, of_area).fetchall()
        if not wanted.isdisjoint(found := frozenset(_names(key, lookup)))
    }
    rows = conn.execute(GRANTS, {**of_area, "programmes": list(names)}).fetchall()
    numbers = NUMBERS(conn, {each for row in rows for each in (row[1], row[2]) if each is not None})
    return [
        Granted(case_id, unit, frozenset(_known_by(unit, numbers)), names[programme], since, until)
        for case_id, unit, _, programme, since, until in rows
    ]


def _names(key: str, lookup: Lookup) -> Iterator[str]:
    """The key, and what its editions call it."""
    yield key
    states = lookup.known(KIND).states.values()
    for edition in (
        state.edition for state in states if (state.edition.fact.kind, state.edition.fact.key) == (KIND, key)
    ):
        programme = edition.typed(programme_from)
        yield from (programme.zh, programme.en)


def _known_by(unit: UUID, numbers: Mapping[UUID, str]) -> Iterator[str]:
    yield str(unit)
    if unit in numbers:
        yield numbers[unit]
