"""What a search reads. Blocking; endpoints run it in a worker thread."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.registry.searches import SearchKind
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.sealer import Sealer
from services.chassis.web.areas import code_range
from services.registry.households.bitemporal import FOREVER, UNTIL_CHANGED
from services.registry.households.claims import RESIDENT_ID
from services.registry.households.domain import stream_of
from services.registry.households.personal_values import decrypt
from services.registry.households.rehydration import current_state
from services.registry.households.state import Household
from services.registry.households.store import relatives_in
from services.registry.searches.domain import (
    MOST_COMPARED,
    MOST_FOUND,
    SEARCH_NEEDS_OPEN_CASE,
    VILLAGE_TOO_LARGE,
    Found,
    FoundPerson,
    Search,
    first,
    matches,
    values_to_compare,
)
from services.registry.searches.feed import FULL_NAME

BY_DIGEST = b"""
SELECT DISTINCT division, household_id, person_id FROM identity_digests
WHERE digest = ANY(%s) AND division >= %s AND division < %s ORDER BY division, household_id, person_id LIMIT %s
"""
"""By one index, in which the area is a part of the key: what is held outside it is not visited, and costs nothing."""
OPEN_CASE = b"""
SELECT FROM cases JOIN household_divisions AS lives ON lives.household_id = cases.subject
WHERE case_id = %s AND outcome IS NULL AND lives.division = %s
"""
PERSONS = b"""
SELECT coalesce(sum(persons), 0) FROM household_periods
WHERE division >= %s AND division < %s AND valid_to = %s AND known_to = %s
"""
VILLAGERS = b"SELECT household_id FROM household_divisions WHERE division = %s"
NUMBERS = b"""
SELECT DISTINCT household_id, national_no FROM household_periods
WHERE household_id = ANY(%s) AND known_to = %s AND national_no IS NOT NULL
"""
DIGEST_KINDS = {SearchKind.ID_NUMBER: RESIDENT_ID, SearchKind.FULL_NAME: FULL_NAME}


class SearchQueries:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store, self._sealer = store, sealer

    def find(self, search: Search) -> Found:
        """Raises ``Refused`` where the village is too large, or the case is not an open one of it."""
        return self._by_digest(search) if search.by_digest else self._by_comparison(search)

    def household_numbers(self, households: Sequence[UUID]) -> dict[UUID, str]:
        with self._store.reading() as conn:
            return dict(conn.execute(NUMBERS, (list(households), UNTIL_CHANGED)).fetchall())

    def _by_digest(self, search: Search) -> Found:
        digests = [digest for _, digest in self._sealer.digest.digests(DIGEST_KINDS[search.kind], search.value)]
        with self._store.reading() as conn:
            rows = conn.execute(BY_DIGEST, (digests, *code_range(search.division), MOST_FOUND + 1)).fetchall()
        return first([FoundPerson(*row) for row in rows])

    def _by_comparison(self, search: Search) -> Found:
        village = search.division
        with self._store.reading() as conn:
            if conn.execute(OPEN_CASE, (search.case_id, village)).fetchone() is None:
                raise Refused(SEARCH_NEEDS_OPEN_CASE)
            row = conn.execute(PERSONS, (*code_range(village), FOREVER, UNTIL_CHANGED)).fetchone()
            if row is not None and row[0] > MOST_COMPARED:
                raise Refused(VILLAGE_TOO_LARGE, limit=MOST_COMPARED)
            villagers = [household for (household,) in conn.execute(VILLAGERS, (village,))]
        households = [h for h in self._store.on_snapshot(lambda tx: _states(tx, villagers)) if h.division == village]
        plain = decrypt(self._sealer.data_keys, [values_to_compare(search.kind, h) for h in households])
        found = matches(search, zip(households, plain, strict=True))
        return first(found, sum(household.persons for household in households))


def _states(tx: Tx, households: Iterable[UUID]) -> list[Household]:
    known = tx.load_many(map(stream_of, households))
    return [current_state(facts, relatives_in(tx)) for facts in known.values()]
