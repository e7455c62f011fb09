"""Programmes asked of units outside of the register: of the villages, schools, workers, residents and cases of an area that are entered,
each of the programmes that are for its kind. As ``evaluation`` asks them of the register; of one that has left nothing is known.
"""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString
from uuid import UUID

from contracts.assistance.parties import PartyKind
from contracts.registry.codes import SchoolStage
from services.assistance.entitlements.evaluation import PORTION, Evaluated, cases_of
from services.assistance.entitlements.units import OUTSIDE, outside_candidate
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.document import Programme
from services.assistance.programmes.eligibility import assess
from services.assistance.programmes.lookup import Programmes
from services.casework.people.lists import After, Filter, Listed
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

PARTIES: LiteralString = (
    "SELECT party_id, division, kind FROM parties WHERE division >= greatest(%(low)s, %(place)s) AND division < %(high)s"
    " AND (division, party_id, party_id) > (%(place)s, %(last)s, %(last_unit)s) AND kind = ANY(%(kinds)s)"
    " AND since <= %(day)s AND (until IS NULL OR until > %(day)s)"
    " AND party_id = coalesce(%(household)s, party_id) AND party_id = coalesce(%(person)s, party_id)"
    " ORDER BY division, party_id LIMIT %(limit)s"
)


class OutsideEvaluation:
    """For one question. ``programme``: as in ``Evaluation``. Blocking."""

    def __init__(
        self, store: Store, programmes: Programmes, programme: str | None, day: date, stated: Stated
    ) -> None:  # fmt: skip
        self._store, self._programmes, self._day, self._stated = store, programmes, day, stated
        keys = programmes.of_outside(day) if programme is None else [programme]
        firsts = {key: programmes.first(key) for key in keys}
        self._asked = {key: first for key, first in firsts.items() if first is not None and first.outside}

    def units(self, filters: Filter, after: After, *, every: bool) -> Iterator[Evaluated]:
        """By division, unit and programme; ``every``: also of programmes that neither are for the unit nor run for it."""
        kinds = [kind for kind in OUTSIDE if any(self._is_for(kind, first) for first in self._asked.values())]
        (division, household, person), (place, last, last_unit) = filters, after
        low, high = code_range(division)
        asked = {
            "low": low, "high": high, "household": household, "person": person, "kinds": kinds, "day": self._day,
            "limit": PORTION,
        }  # fmt: skip
        while kinds:
            with self._store.reading() as conn:
                behind = {"place": place, "last": last, "last_unit": last_unit}
                rows = conn.execute(PARTIES, {**asked, **behind}, prepare=True).fetchall()
            applied, running = cases_of(self._store, [row[0] for row in rows], list(self._asked), self._day)
            for unit, there, kind in rows:
                waits, has = applied.get(unit, {}), running.get(unit, {})
                for one in self._of_unit(unit, there, PartyKind(kind), waits, has):
                    if every or one.eligible or one.running_entitlement is not None:
                        yield one
            if len(rows) < PORTION:
                return
            place, last, last_unit = rows[-1][1], rows[-1][0], rows[-1][0]

    def _of_unit(
        self, unit: UUID, division: str, kind: PartyKind, waits: dict[str, UUID], has: dict[str, UUID]
    ) -> Iterator[Evaluated]:
        listed = Listed(unit, division, None, unit, SchoolStage.NONE, boarder=False)
        stated = Stated(self._stated.income, frozenset(has), self._stated.proved)
        candidate = outside_candidate(division, self._day, stated)
        for key, first in self._asked.items():
            if self._is_for(kind, first):
                edition = self._programmes.found(key, self._day, division)
                finding = None if edition is None or not edition.outside else assess(edition, candidate)
                yield Evaluated(listed, key, finding, waits.get(key), has.get(key))

    def _is_for(self, kind: PartyKind, programme: Programme) -> bool:
        return OUTSIDE[kind] is programme.unit
