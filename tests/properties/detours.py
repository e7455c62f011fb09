"""Enters a true history with detours: annulments, corrections in place and wrong acts, each undone again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from contracts.registry.members import Relation
from services.registry.households.domain import stream_of
from services.registry.households.rehydration import current_state
from tests.properties.data_entry import DataEntry
from tests.properties.entered_corrections import carry_out, replace_decision, standing_decisions
from tests.properties.entry_orders import Detour, EntryOrder
from tests.properties.true_acts import LAST_DAY, WRONG_VILLAGE
from tests.properties.true_households import NEVER_ANNULLED, Act, Kind


@dataclass(frozen=True, slots=True)
class OpenDetour:
    """How to undo it, before which acts that must be, and when as many acts are entered."""

    undo: Callable[[], object]
    undone_before: Callable[[Act], bool]
    until: int


def enter_all(entry: DataEntry, order: EntryOrder) -> Iterator[int]:
    """Enter everything in this order, with its detours. Yields after every act: how many are entered."""
    detour: OpenDetour | None = None
    while len(entry.entered) < len(entry.history.acts):
        act = order.next_act(entry.history, entry.entered)
        if detour is not None and (detour.undone_before(act) or len(entry.entered) >= detour.until):
            detour.undo()
            detour = None
        entry.enter(act)
        entry.wait(order.wait(len(entry.entered)))
        for planned in order.detours:
            if planned.at == len(entry.entered) and detour is None:
                detour = BEGIN[planned.kind](entry, planned)
                entry.wait(order.wait(len(entry.entered) + 1))
        yield len(entry.entered)
    if detour is not None:
        detour.undo()


def _annul(entry: DataEntry, detour: Detour) -> OpenDetour | None:
    """An act is annulled, with all that it replaced, and restored."""
    act = _without_dependants(entry, detour.whom)
    if act is None:
        return None
    annulment = entry.annul(act.household, entry.commands[act.number], f"annul {act.number}")
    undo = partial(entry.annul, act.household, [annulment], f"restore {act.number}")
    return OpenDetour(undo, lambda following: act.number in following.after, _end(entry, detour))


def _annul_replaced(entry: DataEntry, detour: Detour) -> OpenDetour | None:
    """An act is replaced by the same; then both are annulled, and restored."""
    act = _without_dependants(entry, detour.whom)
    if act is not None and act.kind in REPLACEABLE:
        entry.commands[act.number] += (entry.replace(act),)
    return _annul(entry, detour)


def _without_dependants(entry: DataEntry, whom: int) -> Act | None:
    """An act none of whose dependants is entered, and which nobody has to decide."""
    entered, dependants = {*entry.entered}, entry.history.dependants
    possible = [a for a in entry.acts() if a.kind not in NEVER_ANNULLED and not dependants(a.number) & entered]
    return possible[-1 - whom % len(possible)] if possible else None


def _replace_wrongly(entry: DataEntry, detour: Detour) -> OpenDetour:
    """A recording or a split is replaced, a recording by one in another village; what it replaced comes back."""
    possible = [a for a in entry.acts() if a.kind in REPLACEABLE]
    act = possible[detour.whom % len(possible)]
    wrong = entry.replace(act, WRONG_VILLAGE)
    undo = partial(entry.annul, act.household, [wrong], f"annul replacement of {act.number}")
    return OpenDetour(undo, lambda _: False, _end(entry, detour))


def _move_wrongly(entry: DataEntry, detour: Detour) -> OpenDetour | None:
    """Of a household that does not end."""
    ending = {a.household for a in entry.history.acts if a.kind in (Kind.END, Kind.MERGE)}
    begun = {
        a.household if a.new_household is None else a.new_household: a for a in entry.acts() if a.kind in REPLACEABLE
    }
    possible = [a for household, a in begun.items() if household not in ending]
    if not possible:
        return None
    origin = possible[detour.whom % len(possible)]
    household = origin.household if origin.new_household is None else origin.new_household
    wrong = entry.move_wrongly(household, min(origin.day + timedelta(detour.off), LAST_DAY))
    undo = partial(entry.annul, household, [wrong], "annul wrong move")
    return OpenDetour(undo, lambda _: False, _end(entry, detour))


def _leave_wrongly(entry: DataEntry, detour: Detour) -> OpenDetour | None:
    """Somebody who is no head leaves after all that is entered about them; undone before more is."""
    ids = [entry.household(number) for number in range(len(entry.history.households))]
    facts = {household: entry.store.stream(stream_of(household)) for household in ids}
    there = [
        (number, entry.number_of_person(p))
        for number, household in enumerate(ids)
        for p, m in current_state(facts[household], facts.__getitem__).members.items()
        if m.relation is not Relation.HEAD
    ]
    if not there:
        return None
    household, person = there[detour.whom % len(there)]
    latest = max(a.day for a in entry.acts() if a.names(person))
    wrong = entry.leave_wrongly(household, person, min(latest + timedelta(1 + detour.off), LAST_DAY))
    undo = partial(entry.annul, household, [wrong], "annul wrong leave")
    return OpenDetour(undo, lambda following: following.names(person), _end(entry, detour))


def _correct_decision(entry: DataEntry, detour: Detour) -> OpenDetour | None:
    """A decision is corrected: replaced by the same one, or, where nothing depends on it, void; and that is corrected in turn."""
    entered, dependants = {*entry.entered}, entry.history.dependants
    possible = standing_decisions(entry)
    if not possible:
        return None
    act, fact_id = possible[detour.whom % len(possible)]
    if detour.off % 2 or dependants(act.number) & entered:
        correction = replace_decision(entry, act, fact_id)
    else:
        correction = carry_out(entry, act.household, f"correct {act.number}", facts=(fact_id,))
    undo = partial(carry_out, entry, act.household, f"correct the correction of {act.number}", acts=(correction,))
    # What a removal makes void it names: it must find what stands in truth.
    return OpenDetour(
        undo, lambda following: act.number in following.after or following.kind is Kind.REMOVE, _end(entry, detour)
    )


def _end(entry: DataEntry, detour: Detour) -> int:
    return len(entry.entered) + detour.length


REPLACEABLE = frozenset({Kind.RECORD, Kind.SPLIT})
"""Corrected in place; they begin a household."""
BEGIN: dict[str, Callable[[DataEntry, Detour], OpenDetour | None]] = {
    "annul": _annul,
    "annul_replaced": _annul_replaced,
    "replace_wrongly": _replace_wrongly,
    "move_wrongly": _move_wrongly,
    "leave_wrongly": _leave_wrongly,
    "correct_decision": _correct_decision,
}
