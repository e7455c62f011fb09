"""Acts about divisions in the log: the division's own facts and, in the same transaction, what follows from them in the
households that ever stood there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

import msgspec

from contracts.registry.divisions import (
    DivisionActsAnnulled,
    DivisionDeclared,
    DivisionEnded,
    DivisionFact,
    DivisionMerged,
    DivisionRecoded,
    DivisionSplit,
    DivisionSucceeded,
    Level,
    PoorVillageDesignated,
)
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.areas import code_range
from services.registry.divisions import rules
from services.registry.divisions.domain import Division, Succession, stream_of
from services.registry.divisions.store import streams_since_the_views
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.store import relatives_in
from services.registry.households.transfers import division_in, follow_divisions

HOUSEHOLD = "household-"
"""How streams of households begin."""
EVER_THERE: LiteralString = "SELECT DISTINCT household_id FROM household_periods WHERE division = ANY(%s)"
"""Households that were ever believed to stand in one of these divisions on any day."""


@dataclass(frozen=True, slots=True)
class Act:
    """``more``: what it says in the streams of other divisions, which its own fact is the cause of. ``households``: those that
    it names."""

    fact: DivisionFact
    more: tuple[DivisionFact, ...] = ()
    households: tuple[UUID, ...] = ()


Decide = Callable[[Tx, Division], Act]


def act_handler(code: str, day: date, decide: Decide) -> Callable[[Tx], Reply]:
    """Handles an act about a division that exists until the day of it."""

    def work(tx: Tx) -> Reply:
        division = rules.require_exists(division_in(tx, code), code, day)
        act = decide(tx, division)
        (cause,) = tx.append(stream_of(code), act.fact)
        for other in act.more:
            tx.append(stream_of(other.code), _caused_by(other, cause))
        carry_households(tx, [code], act.households)
        return Reply(location=f"/registry/divisions/{code}")

    return work


def merged(fact: DivisionMerged, by: str) -> Decide:
    """Into another one of its level. A division above villages is merged once nothing is left below it."""

    def decide(tx: Tx, division: Division) -> Act:
        _require_may_end(tx, division, fact.effective_on)
        rules.require_successor(division, division_in(tx, fact.into), fact.into, fact.effective_on)
        _require_no_circle(tx, fact.code, fact.into)
        return Act(fact, (_succeeded(fact, fact.into, by),))

    return decide


def recoded(fact: DivisionRecoded, by: str) -> Decide:
    """The new code is declared by the same act, with the name, the aliases and the grade of the old."""

    def decide(tx: Tx, division: Division) -> Act:
        day, code = fact.effective_on, fact.to_code
        declared = DivisionDeclared(
            code=code,
            level=division.level,
            name=division.name,
            aliases=division.aliases,
            effective_on=day,
            entered_by=by,
        )
        rules.declare(division_in(tx, code), declared)
        _require_may_end(tx, division, day)
        more: list[DivisionFact] = [declared, _succeeded(fact, code, by)]
        if division.poor_village is not None and division.exited_on is None:
            grade, listed_in = division.poor_village, division.listed_in
            more.append(
                PoorVillageDesignated(code=code, grade=grade, listed_in=listed_in, effective_on=day, entered_by=by)
            )
        return Act(fact, tuple(more))

    return decide


def split(fact: DivisionSplit, by: str) -> Decide:
    """The parts are divisions that exist on that day: declared before, or by an earlier command of the same paper."""

    def decide(tx: Tx, division: Division) -> Act:
        rules.require_unsplit_lists([part.household_ids for part in fact.parts])
        for part in fact.parts:
            rules.require_successor(division, division_in(tx, part.code), part.code, fact.effective_on)
            _require_stood_there(tx, part.household_ids, fact)
        named = tuple(household for part in fact.parts for household in part.household_ids)
        return Act(fact, tuple(_succeeded(fact, part.code, by) for part in fact.parts), named)

    return decide


def ended(fact: DivisionEnded) -> Decide:
    """Without a successor, so nobody may be left there."""

    def decide(tx: Tx, division: Division) -> Act:
        day, relatives = fact.effective_on, relatives_in(tx)
        _require_may_end(tx, division, day)

        def is_left(household: UUID) -> bool:
            known = relatives(household)
            states = state_on(known, relatives, as_of=day), current_state_without_surveys(known, relatives)
            return any(s.division == fact.code and s.members for s in states)

        if here := sum(map(is_left, households_ever_in(tx, [fact.code]))):
            raise Refused(rules.HOUSEHOLDS_REMAIN, code=fact.code, households=here)
        return Act(fact)

    return decide


def annulment_handler(annulled: DivisionActsAnnulled) -> Callable[[Tx], Reply]:
    """Handles that acts about a division were wrong: void in every division that they concern, and households are where they
    would be without them."""

    def work(tx: Tx) -> Reply:
        touched, waiting = dict[str, list[str]](), [annulled.code]
        while waiting:
            code = waiting.pop()
            if code in touched:
                continue
            void = [r for r in surviving(tx.load(stream_of(code))) if r.command_id in annulled.acts]
            touched[code] = [r.id for r in void]
            waiting += [other for r in void for other in _others_named(r.fact)]
        if missing := {*annulled.acts} - {
            r.command_id for r in tx.load(stream_of(annulled.code)) if r.id in touched[annulled.code]
        }:
            raise Refused(rules.UNKNOWN_DIVISION_ACT, act=str(min(missing)))
        concerned = _leading_on(tx, touched)
        for code, ids in touched.items():
            if ids:
                fields = {
                    f: getattr(annulled, f) for f in ("effective_on", "entered_by", "decision", "evidence", "acts")
                }
                tx.append(stream_of(code), DivisionActsAnnulled(code=code, annuls=tuple(ids), **fields))
        for code in touched:
            _require_still_sound(tx, code)
        carry_households(tx, concerned)
        return Reply(location=f"/registry/divisions/{annulled.code}")

    return work


def carry_households(tx: Tx, codes: Sequence[str], named: Iterable[UUID] = ()) -> None:
    """What the divisions' facts now come to, in every household that was ever in one of these, and in those named."""
    households = [*named, *households_ever_in(tx, codes)]
    tx.load_many(map(household_stream, households))
    follow_divisions(tx, households, relatives_in(tx))


def households_ever_in(tx: Tx, codes: Sequence[str]) -> list[UUID]:
    """By the views, and whatever was recorded since. Raises ``Refused`` where they are too far behind."""
    tx.cur.execute(EVER_THERE, (list(codes),))
    found = {household for (household,) in tx.cur}
    found.update(UUID(stream.removeprefix(HOUSEHOLD)) for stream in streams_since_the_views(tx, HOUSEHOLD))
    return sorted(found)


def _require_nothing_below(tx: Tx, division: Division, day: date) -> None:
    if division.level is Level.VILLAGE:
        return
    low, high = code_range(division.code)
    tx.cur.execute("SELECT code FROM divisions WHERE code > %s AND code < %s", (low, high))
    codes = {code for (code,) in tx.cur} | {
        s.removeprefix(stream_of("")) for s in streams_since_the_views(tx, stream_of(low))
    }
    parts = [c for c in sorted(codes - {low}) if (d := division_in(tx, c)) is not None and d.exists_on(day)]
    if parts:
        raise Refused(rules.PARTS_REMAIN, code=division.code, parts=parts[:10])


def _require_stood_there(tx: Tx, households: Iterable[UUID], fact: DivisionSplit) -> None:
    relatives = relatives_in(tx)
    for household in households:
        state = state_on(relatives(household), relatives, as_of=fact.effective_on)
        if state.division != fact.code:
            raise Refused(rules.NOT_IN_DIVISION, household_id=str(household), code=fact.code)


def _leading_on(tx: Tx, codes: Iterable[str]) -> list[str]:
    """These divisions and all that their households came to."""
    waiting, found = list(codes), dict[str, None]()
    while waiting:
        code = waiting.pop()
        if code not in found:
            found[code] = None
            waiting += [s.to_code for s in _successions(tx, code)]
    return list(found)


def _require_may_end(tx: Tx, division: Division, day: date) -> None:
    """It has no other end, nothing below it, and took nothing over since."""
    if division.ended_on is not None:
        rules.require_exists(division, division.code, division.ended_on)
    for r in surviving(tx.load(stream_of(division.code))):
        if isinstance(r.fact, DivisionSucceeded | DivisionSplit) and r.fact.effective_on > day:
            raise Refused(rules.STILL_SUCCEEDING, code=division.code, fact=r.id)
    _require_nothing_below(tx, division, day)


def _require_no_circle(tx: Tx, code: str, into: str) -> None:
    waiting, seen = [into], set[str]()
    while waiting:
        at = waiting.pop()
        if at == code:
            raise Refused(rules.SAME_DIVISION, code=code)
        if at not in seen:
            seen.add(at)
            waiting += [s.to_code for s in _successions(tx, at) if s.ends]


def _successions(tx: Tx, code: str) -> Sequence[Succession]:
    division = division_in(tx, code)
    return () if division is None else division.successions


def _require_still_sound(tx: Tx, code: str) -> None:
    """Nothing that stands rests on what was annulled: a division that is no more has no acts and no households of its own,
    and none of its predecessors leads to it."""
    known = surviving(tx.load(stream_of(code)))
    standing = [r for r in known if not isinstance(r.fact, DivisionActsAnnulled)]
    if standing and not any(isinstance(r.fact, DivisionDeclared) for r in standing):
        raise Refused(rules.STILL_SUCCEEDING, code=code)
    ends = [r for r in standing if isinstance(r.fact, DivisionMerged | DivisionRecoded | DivisionEnded)]
    if len(ends) > 1:
        raise Refused(rules.STILL_SUCCEEDING, code=code)


def _others_named(fact: object) -> list[str]:
    match fact:
        case DivisionMerged(into=code) | DivisionRecoded(to_code=code):
            return [code]
        case DivisionSplit(parts=parts):
            return [part.code for part in parts]
        case DivisionSucceeded(predecessor=code):
            return [code]
    return []


def _succeeded(fact: DivisionFact, to: str, by: str) -> DivisionSucceeded:
    return DivisionSucceeded(code=to, predecessor=fact.code, effective_on=fact.effective_on, entered_by=by)


def _caused_by(fact: DivisionFact, cause: str) -> DivisionFact:
    return msgspec.structs.replace(fact, caused_by=cause)
