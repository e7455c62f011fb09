"""Every duty set of the release, by its documents alone: whoever owes it does it in time, enters it late, or does not do it; and
whoever is not to know of it does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from services.casework.duties.document import Duty, Every, Once
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, assistance_harness
from tests.assistance.pairs.field import DUTY_SETS, PAIRS, FieldCounty, Somebody, duties_of

BEGIN, NOW, END = "2015-10-05", "2015-11-10", "2016-11-01"
"""Everything begins, on a Monday; what was late is entered; and what was owed by when is asked of a day to come."""
SETS = sorted(DUTY_SETS.keys() - {"pairing_helper"})
DAILY_ENDS = "2015-10-19"
"""Of what is owed daily two weeks are enough."""


@dataclass
class Term:
    """By duty set: ``diligent`` did everything on the first day; ``late`` has entered nothing yet."""

    county: FieldCounty
    diligent: dict[str, Somebody] = field(default_factory=dict)
    late: dict[str, Somebody] = field(default_factory=dict)


@pytest.fixture(scope="module")
def term(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("term"), BEGIN) as harness:
        county = FieldCounty(harness, BEGIN)
        told = Term(county)
        for village in (VILLAGE, NEXT_VILLAGE):
            county.settle(village, 2 * len(SETS))
        for name in SETS:
            told.diligent[name] = Somebody(county, f"d-{name}", VILLAGE)
            told.late[name] = Somebody(county, f"l-{name}", NEXT_VILLAGE)
            ends_on = DAILY_ENDS if any(is_daily(duty) for duty in duties_of(name)) else None
            for duty in duties_of(name):
                told.diligent[name].owes(duty, ends_on)
                told.late[name].owes(duty, ends_on)
            for duty in duties_of(name):
                if begins_now(duty):
                    told.diligent[name].does(duty, BEGIN)
        harness.advance_to(NOW)
        yield told


def is_daily(duty: Duty) -> bool:
    return isinstance(duty.cadence, Every) and duty.cadence.period == "day"


def begins_now(duty: Duty) -> bool:
    """Whether it was owed on the first day: of what is owed around dates, it may be another."""
    return isinstance(duty.cadence, Every | Once)


class AtTheEnd:
    """What is owed to somebody as it will stand when it is long over; asked once for each subject."""

    def __init__(self, county: FieldCounty, one: Somebody, duty_set: str, **asked: str) -> None:
        self._county, self._one, self._duty_set, self._asked = county, one, duty_set, asked
        self._found: dict[UUID, list[dict[str, Any]]] = {}

    def first(self, duty: Duty) -> dict[str, Any] | None:
        """The first period of the duty; nobody else owes it."""
        subject = self._one.id_of(duty)
        if subject not in self._found:
            self._found[subject] = self._county.duties(subject, as_of=END, **self._asked)
        found = [d for d in self._found[subject] if (d["duty_set"], d["duty"]) == (self._duty_set, duty.key)]
        assert {d["obliged"] for d in found} <= {self._one.helper, None}, duty.key
        return min(found, key=lambda d: d["last"], default=None)


@pytest.mark.parametrize("name", SETS)
def test_a_duty_set_is_met_in_time_or_entered_late_or_missed_and_unknown_to_strangers(term: Term, name: str) -> None:
    county, diligent, late = term.county, term.diligent[name], term.late[name]
    of_diligent, of_late = AtTheEnd(county, diligent, name), AtTheEnd(county, late, name)
    for duty in duties_of(name):
        done, undone = of_diligent.first(duty), of_late.first(duty)
        assert done is not None, duty.key
        if undone is None:  # nothing is owed before both have signed
            assert (duty.obligation, PAIRS[duty.of or ""].committed_first) == ("pair", True), duty.key
            continue
        if begins_now(duty):
            assert (done["state"], done["first"] <= BEGIN <= done["last"]) == ("met", True), duty.key
        formed = duty.fulfilled_by.fact == "PairFormed"  # whoever is paired has a helper
        assert undone["state"] in (("met",) if formed else ("overdue", "missed")), duty.key
    for subject in {late.id_of(duty) for duty in duties_of(name)}:
        assert county.harness.get("/duties", county.stranger, subject=str(subject))["items"] == []
    entered = next((d for d in duties_of(name) if begins_now(d) and d.fulfilled_by.fact != "PairFormed"), None)
    if entered is None:  # what is owed around days to come cannot be done yet
        return
    before = of_late.first(entered)
    assert before is not None
    late.does(entered, min(NOW, before["last"]))
    now = AtTheEnd(county, late, name).first(entered)
    then = AtTheEnd(county, late, name, known_at="2015-11-09").first(entered)
    assert now is not None
    assert then is not None
    assert (now["state"], then["state"] in ("overdue", "missed")) == ("met", True), entered.key
    facts = [r.fact for r in county.harness.assistance.stream(f"duties-{late.id_of(entered)}")]
    missed_by_now = before["overdue_on"] <= NOW and not entered.observed
    missed = {(f.duty_set, f.duty) for f in facts if isinstance(f, DutyMissed)}
    assert ((name, entered.key) in missed) is missed_by_now
    assert any(isinstance(f, DutyMissesAnnulled) for f in facts) is missed_by_now
