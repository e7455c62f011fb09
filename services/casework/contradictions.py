"""Facts that contradict others of their stream: an attendance after a death that was told late, a certificate whose examination was
annulled. Such a fact is kept and listed, and counts for nothing until what it contradicts is mended; a fact that would contradict, or
make another one contradict, is refused when it is told. So the order of telling decides nothing.

A slice says in a ``Telling`` what its stream comes to and which facts contradict, from a timeline alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from contracts.facts import Fact, Recorded
from contracts.selection import timeline
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.unit import Tx

RESTS_ON_IT = rule(
    "later_entries_rest_on_it",
    zh="已有登记以此为依据（见 fact，不再成立的原因见 because）；请先更正或作废那一条。",
    en="Another entry (``fact``) rests on this one and would no longer hold (``because``): correct or annul that one first.",
    source="Lika design: no answer is silently wrong",
)

Contradictions = Mapping[str, Refused]
"""Id of a fact → why it does not fit."""
Telling = Callable[[Sequence[Recorded]], Contradictions]
"""Finds what contradicts in a timeline."""


def append_fitting(tx: Tx, stream: str, facts: Sequence[Fact], telling: Telling) -> None:
    """Append what contradicts nothing. Raises ``Refused``: a refused unit leaves nothing behind."""
    before = telling(timeline(tx.load(stream)))
    new = tx.append(stream, *facts)
    after = {fact: why for fact, why in telling(timeline(tx.load(stream))).items() if fact not in before}
    for fact, why in after.items():
        if fact in new:
            raise why
    for fact, why in after.items():
        raise Refused(RESTS_ON_IT, fact=fact, because=why.rule.code)


@dataclass(frozen=True, slots=True)
class CountedVersion:
    """The fact counts from ``known_from`` until before ``known_until``."""

    recorded: Recorded
    known_from: datetime
    known_until: datetime | None = None


def counted_versions(facts: Iterable[Recorded], telling: Telling) -> list[CountedVersion]:
    """Since when and until when each fact counted, for tables that answer for any instant. What is told contradicts nothing, so all
    is looked at again only where something was annulled or derived from the register, and while something contradicts."""
    told, closed = list[Recorded](), list[CountedVersion]()
    open_: dict[str, CountedVersion] = {}
    against: Contradictions = {}
    for instant, group in groupby(sorted(facts, key=_by_position), key=_by_instant):
        new = list(group)
        told += new
        if not against and not any(r.fact.annuls or r.fact.caused_by is not None for r in new):
            open_ |= {r.id: CountedVersion(r, instant) for r in new}
            continue
        standing = timeline(told)
        against = telling(standing)
        counts = {r.id: r for r in standing if r.id not in against}
        closed += [replace(open_.pop(gone), known_until=instant) for gone in [*open_] if gone not in counts]
        open_ |= {fact: CountedVersion(r, instant) for fact, r in counts.items() if fact not in open_}
    return sorted((*closed, *open_.values()), key=lambda v: (v.recorded.position, v.known_from))


_by_position, _by_instant = attrgetter("position"), attrgetter("recorded_at")
