"""What acts about divisions make of households: the facts that a household's stream must hold so that it goes where its
village went. They follow from the divisions' own facts and are made to agree with them whenever a household is put into a
village, however late, and whenever a division changes (docs/decisions/0053-divisions-over-time.md)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby, takewhile
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdMoved, HouseholdRecorded
from contracts.selection import surviving, timeline
from services.chassis.log.unit import Tx
from services.registry.divisions.domain import Division, Succession, fold, in_order, successions_for
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.domain import stream_of
from services.registry.households.lineage import Relatives, children_of, parents_of, with_ancestors

BY_DIVISION = "registry"
"""Who enters what follows from an act about divisions, where nobody entered that act just now."""
Key = tuple[str | None, str]
"""The division's fact, and the code to which it leads."""
PLACES = (HouseholdRecorded, HouseholdFormed, HouseholdMoved)
"""Facts that say in which village a household is."""


def places_households(facts: Iterable[Fact]) -> bool:
    """Whether these facts may put a household into a village, or make void what did."""
    return any(isinstance(fact, PLACES) or fact.annuls for fact in facts)


def division_in(tx: Tx, code: str) -> Division | None:
    """The division with all that is known of it, in the unit's transaction."""
    known = tx.load(division_stream(code))
    if division_in not in known.folds:
        known.folds[division_in] = fold(timeline(known))
    division: Division | None = known.folds[division_in]
    return division


def follow_divisions(tx: Tx, households: Iterable[UUID], relatives: Relatives) -> None:
    """Adds the transfers that these households lack, and annuls those that nothing leads to any more; also of those that
    split off from them."""
    waiting, seen, divisions = list(households), set[UUID](), dict[str, Division | None]()

    def of(code: str) -> Division | None:
        if code not in divisions:
            divisions[code] = division_in(tx, code)
        return divisions[code]

    while waiting:
        household = waiting.pop()
        if household in seen:
            continue
        seen.add(household)
        known = relatives(household)
        if not known:
            continue
        line = with_ancestors(known, relatives)
        needed = successions_for(_codes(line), _line(household, line), of)
        if facts := transfers(household, known, needed):
            tx.append(stream_of(household), *facts)
        waiting += children_of(known)


def transfers(household: UUID, known: Sequence[Recorded], needed: Iterable[Succession]) -> list[Fact]:
    """What is missing in the household's stream, and the annulment of what is too much. What was entered before something
    that comes first on its day, and is only told now, is annulled and entered again behind it."""
    held: dict[Key, Recorded] = {}
    for r in surviving(known):
        if isinstance(r.fact, HouseholdTransferred):
            held[r.fact.caused_by, r.fact.to_division] = r
    wanted: dict[Key, Succession] = {(each.fact_id, each.to_code): each for each in in_order(needed)}
    kept = _kept(held, wanted)
    made = partial(HouseholdTransferred, household_id=household, entered_by=BY_DIVISION)
    missing: list[Fact] = [
        made(
            effective_on=each.day, from_division=each.from_code, to_division=each.to_code, ended=each.ends,
            caused_by=each.fact_id,
        )
        for key, each in wanted.items()
        if key not in kept
    ]  # fmt: skip
    stale = [r for key, r in held.items() if key not in kept]
    if not stale:
        return missing
    annulled = FactsAnnulled(
        household_id=household, effective_on=min(r.fact.effective_on for r in stale), entered_by=BY_DIVISION,
        caused_by=stale[0].fact.caused_by, annuls=tuple(r.id for r in stale),
    )  # fmt: skip
    return [annulled, *missing]


def _kept(held: Iterable[Key], wanted: Mapping[Key, Succession]) -> set[Key]:
    """Of each day, what is held up to the first that does not stand in its place: what is entered now comes behind it all."""
    kept: set[Key] = set()
    for _, of_day in groupby(wanted, key=lambda key: wanted[key].day):
        in_place = list(of_day)
        standing = (key for key in held if key in in_place)
        kept |= {key for key, _ in takewhile(lambda both: both[0] == both[1], zip(standing, in_place, strict=False))}
    return kept


def _codes(line: Iterable[Recorded]) -> list[str]:
    """Every village that these facts, void ones included, put a household into."""
    found: dict[str, None] = {}
    for r in line:
        match r.fact:
            case HouseholdRecorded(division=code) | HouseholdMoved(to_division=code):
                found[code] = None
    return list(found)


def _line(household: UUID, line: Iterable[Recorded]) -> list[UUID]:
    facts = list(line)
    return [household, *parents_of(facts)]
