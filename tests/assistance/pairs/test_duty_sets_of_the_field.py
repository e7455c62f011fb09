"""Every duty set of the release, by its documents alone: whoever owes it does it in time, enters it late, or does not do it; and
whoever is not to know of it does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from services.casework.duties.document import Duty, Every, Once, OnWeekdays
from tests.assistance.harness import VILLAGE, assistance_harness
from tests.assistance.pairs.field import DUTY_SETS, RECORDS, FieldCounty, Somebody, duties_of

BEGIN, NOW, END = "2015-10-05", "2015-11-10", "2016-11-01"
"""Everything begins, on a Monday; what was late is entered; and what was owed by when is asked of a day to come."""
BY_WEEKDAY = {s for s, terms in DUTY_SETS.items() if any(isinstance(d.cadence, OnWeekdays) for d in terms.duties)}
"""Looked at on each school day: ``tests/assistance/care`` lives them for a few."""
SETS = sorted(DUTY_SETS.keys() - {"pairing_helper"} - BY_WEEKDAY)
DAILY_ENDS = "2015-10-19"
"""Of what is owed daily two weeks are enough."""
ANOTHER_DAY = "2016-10-01"
"""Up to when something else is owed again, or was not done at all."""


@dataclass
class Term:
    """By duty set: somebody who did on the first day everything but one thing."""

    county: FieldCounty
    helpers: dict[str, Somebody] = field(default_factory=dict)


@pytest.fixture(scope="module")
def term(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("term"), BEGIN) as harness:
        county = FieldCounty(harness, BEGIN)
        told = Term(county)
        county.settle(VILLAGE, len(SETS))
        for name in SETS:
            told.helpers[name] = one = Somebody(county, f"h-{name}", VILLAGE)
            ends_on = DAILY_ENDS if any(is_daily(duty) for duty in duties_of(name)) else None
            for duty in duties_of(name):
                one.owes(duty, ends_on)
            for duty in duties_of(name):
                if begins_now(duty) and duty is not left_undone(name):
                    one.does(duty, BEGIN)
        harness.advance_to(NOW)
        yield told


def is_daily(duty: Duty) -> bool:
    return isinstance(duty.cadence, Every) and duty.cadence.period == "day"


def begins_now(duty: Duty) -> bool:
    """Whether it was owed on the first day: of what is owed around dates, it may be another."""
    return isinstance(duty.cadence, Every | Once)


def left_undone(name: str) -> Duty | None:
    """What nobody did in time, and on what nothing else rests: that somebody is helped, and that both have signed, come first."""

    def rests_on(kind: str) -> set[str]:
        return {kind}.union(*(rests_on(before) for before in RECORDS[kind].after)) if kind in RECORDS else {kind}

    def for_others(duty: Duty) -> set[str]:
        others = (other.fulfilled_by.fact for other in duties_of(name) if other is not duty)
        return {"PairFormed", "PairCommitted"}.union(*map(rests_on, others))

    alone = (d for d in duties_of(name) if d.fulfilled_by.fact not in for_others(d))
    return next(filter(begins_now, alone), None)


class AtTheEnd:
    """What is owed to somebody as it will stand when it is long over; asked once for each subject."""

    def __init__(self, county: FieldCounty, one: Somebody, duty_set: str, **asked: str) -> None:
        self._county, self._one, self._duty_set, self._asked = county, one, duty_set, asked
        self._found: dict[UUID, list[dict[str, Any]]] = {}

    def of(self, duty: Duty) -> list[dict[str, Any]]:
        """Each period of the duty, in order; nobody else owes it."""
        subject = self._one.id_of(duty)
        if subject not in self._found:
            self._found[subject] = self._county.duties(subject, as_of=END, **self._asked)
        found = [d for d in self._found[subject] if (d["duty_set"], d["duty"]) == (self._duty_set, duty.key)]
        assert {d["obliged"] for d in found} <= {self._one.helper, None}, duty.key
        return sorted(found, key=lambda d: str(d["last"]))


@pytest.mark.parametrize("name", SETS)
def test_a_duty_set_is_met_in_time_or_entered_late_or_missed_and_unknown_to_strangers(term: Term, name: str) -> None:
    county, one, undone = term.county, term.helpers[name], left_undone(name)
    at_end = AtTheEnd(county, one, name)
    for duty in duties_of(name):
        first, *others = at_end.of(duty)
        runs = first["first"] <= BEGIN <= first["last"]
        assert runs or not begins_now(duty), duty.key
        if begins_now(duty) or not runs:  # around a day something else may have been done
            done = begins_now(duty) and duty is not undone
            assert first["state"] in (("met",) if done else ("overdue", "missed")), duty.key
        if duty.fulfilled_by.fact != "PairFormed":  # who is paired goes on being so
            assert all(d["state"] in ("overdue", "missed") for d in others if d["last"] < ANOTHER_DAY), duty.key
    for subject in {one.id_of(duty) for duty in duties_of(name)}:
        assert county.harness.get("/duties", county.stranger, subject=str(subject))["items"] == []
    if undone is None:  # what is owed around days to come cannot be done yet
        return
    before = at_end.of(undone)[0]
    one.does(undone, min(NOW, before["last"]))
    now, then = (AtTheEnd(county, one, name, **known).of(undone)[0] for known in ({}, {"known_at": "2015-11-09"}))
    assert (now["state"], then["state"] in ("overdue", "missed")) == ("met", True), undone.key
    facts = [r.fact for r in county.harness.assistance.stream(f"duties-{one.id_of(undone)}")]
    missed_by_now = before["overdue_on"] <= NOW and not undone.observed
    missed = {(f.duty_set, f.duty) for f in facts if isinstance(f, DutyMissed)}
    assert ((name, undone.key) in missed) is missed_by_now
    assert any(isinstance(f, DutyMissesAnnulled) for f in facts) is missed_by_now
