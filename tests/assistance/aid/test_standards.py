"""Dated standards: the day before, the day, the day after; places, boarders, ceilings; and what is due."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.aid.answers import ReasonAnswer
from services.assistance.aid.eligibility import reasons_against
from services.assistance.aid.standards import PARAMETER_PREFIX, standard
from services.assistance.programmes.reasons import Reason
from services.assistance.service import FIRST_TEXTS
from services.casework.people.state import PersonState
from tests.support.first_texts import parameters_in, parameters_of

LAW = parameters_of(FIRST_TEXTS, "education_aid")
STARTS = date(2014, 1, 1)
ONE_DAY = timedelta(days=1)
SAMPLE, HUANGMEI, WUHAN = "990001101201", "421127100200", "420102100200"
S = SchoolStage


@pytest.mark.parametrize(
    ("stage", "place", "amount", "boarders_only", "is_ceiling"),
    [
        (S.PRESCHOOL, SAMPLE, "1000", False, False),  # B02
        (S.PRIMARY, SAMPLE, "1000", True, False),  # B04
        (S.JUNIOR, SAMPLE, "1250", True, False),  # B05
        (S.SENIOR, SAMPLE, "2500", False, False),  # B09
        (S.COLLEGE, SAMPLE, "10000", False, True),  # B11
        (S.PRIMARY, HUANGMEI, "1000", True, False),  # B04
        (S.PRIMARY, WUHAN, "1000", False, False),  # B06
        (S.JUNIOR, WUHAN, "1250", False, False),  # B07
    ],
)
def test_a_standard_holds_from_its_day_in_its_place(
    stage: SchoolStage, place: str, amount: str, boarders_only: bool, is_ceiling: bool
) -> None:
    assert standard(LAW, stage, STARTS - ONE_DAY, place) is None
    for day in (STARTS, STARTS + ONE_DAY):
        found = standard(LAW, stage, day, place)
        assert found is not None
        assert (found.amount, found.boarders_only, found.is_ceiling) == (Decimal(amount), boarders_only, is_ceiling)
        assert found.source.startswith("B")


@pytest.mark.parametrize(
    ("stage", "place"),
    [
        (S.VOCATIONAL, SAMPLE),  # B10: masked
        (S.VOCATIONAL, WUHAN),
        (S.PRESCHOOL, WUHAN),  # B03: masked, and no other place's figure steps in
        (S.SENIOR, HUANGMEI),  # the paper says nothing
        (S.PRIMARY, "110101001001"),  # no place's figures hold elsewhere
        (S.NONE, SAMPLE),
    ],
)
def test_what_the_source_masks_or_omits_is_no_number(stage: SchoolStage, place: str) -> None:
    assert standard(LAW, stage, STARTS, place) is None


RAISE = """
primary.amount:
  - {from: 2014-01-01, value: "1000", unit: yuan, jurisdiction: CN, source: first}
  - {from: 2016-09-01, value: "1200", unit: yuan, jurisdiction: CN, source: second}
  - {from: 2018-09-01, value: null, unit: yuan, jurisdiction: CN, source: repeal}
primary.boarders_only:
  - {from: 2014-01-01, value: true, unit: boolean, jurisdiction: CN, source: first}
primary.is_ceiling:
  - {from: 2014-01-01, value: false, unit: boolean, jurisdiction: CN, source: first}
"""


def test_a_raised_standard_holds_from_its_day_until_its_repeal() -> None:
    law = parameters_in("education_aid", RAISE)
    amounts = []
    for day in (date(2016, 8, 31), date(2016, 9, 1), date(2016, 9, 2), date(2018, 8, 31), date(2018, 9, 1)):
        found = standard(law, S.PRIMARY, day, SAMPLE)
        amounts.append(found and found.amount)
    assert amounts == [1000, 1200, 1200, 1200, None]


def test_a_ceiling_is_topped_up_and_never_stacked_and_is_no_floor() -> None:
    """B11, B56; source facts §5 rule 24."""
    college, senior = standard(LAW, S.COLLEGE, STARTS, SAMPLE), standard(LAW, S.SENIOR, STARTS, SAMPLE)
    assert college is not None
    assert senior is not None
    assert [college.payable(Decimal(g)) for g in (0, 3000, 9999, 10000, 12000)] == [10000, 7000, 1, 0, 0]
    assert senior.payable(Decimal(3000)) == 2500


def pupil(status: PovertyStatus | None, stage: SchoolStage = S.PRIMARY, *, boarder: bool = True) -> PersonState:
    return PersonState(division=SAMPLE, status=status, stage=stage, boarder=boarder)


@pytest.mark.parametrize(
    ("who", "reasons"),
    [
        (pupil(PovertyStatus.REGISTERED), []),
        (pupil(PovertyStatus.RETURNED), []),
        (pupil(PovertyStatus.CANDIDATE), [Reason.NOT_IN_REGISTER]),
        (pupil(None), [Reason.NOT_IN_REGISTER]),
        (pupil(PovertyStatus.EXITED), [Reason.HOUSEHOLD_EXITED]),
        (pupil(PovertyStatus.REMOVED, boarder=False), [Reason.HOUSEHOLD_REMOVED, Reason.NOT_A_BOARDER]),
        (pupil(PovertyStatus.CANCELLED, S.NONE), [Reason.HOUSEHOLD_ENDED, Reason.NOT_IN_SCHOOL]),
        (pupil(PovertyStatus.REGISTERED, S.VOCATIONAL), [Reason.NO_STANDARD_IN_FORCE]),
        (pupil(PovertyStatus.REGISTERED, S.SENIOR, boarder=False), []),
    ],
)
def test_an_assessment_gives_every_reason(who: PersonState, reasons: list[Reason]) -> None:
    assert [*reasons_against(who, standard(LAW, who.stage, STARTS, SAMPLE))] == reasons


def test_every_reason_has_both_languages_and_every_amount_names_its_source() -> None:
    answers = [ReasonAnswer.of(reason) for reason in Reason]
    assert all(answer.zh and answer.en for answer in answers)
    for name in (n for n in LAW.names if n.startswith(PARAMETER_PREFIX)):
        assert all(entry.source for entry in LAW.history(name))
