"""When a case may be opened."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.casework.cases import CaseOpened
from contracts.registry.codes import PovertyCause
from contracts.registry.poverty_status import PovertyStatus
from services.casework.dates import FUTURE_DAY
from services.casework.procedures.document import Procedure
from services.casework.procedures.opening_rules import (
    CASE_EXISTS,
    CAUSE_REQUIRED,
    NOT_IN_FORCE,
    OTHER_CASE_OPEN,
    STATUS_NOT_ALLOWED,
    UNKNOWN_CAUSE,
)
from tests.casework.procedures.example_cases import (
    CANDIDATE,
    CASE,
    EXIT,
    EXITED,
    IDENTIFICATION,
    LOOK_BACK,
    OTHER_CASE,
    REGISTERED,
    RETURN,
    day,
    given,
    open_case,
    opened,
    with_status,
)

YEAR_2021 = date(2021, 3, 1)


def test_a_case_keeps_the_edition_it_was_opened_under() -> None:
    given().when(open_case(), EXIT, REGISTERED).then(opened())


@pytest.mark.parametrize("on", [date(2013, 12, 31), date(2021, 1, 1)])
def test_the_day_before_the_edition_begins_and_the_day_after_it_ends_are_refused(on: date) -> None:
    given().when(replace(open_case(), on=on, today=YEAR_2021), EXIT, REGISTERED).then_refused(NOT_IN_FORCE, on=on)


@pytest.mark.parametrize("on", [date(2014, 1, 1), date(2020, 12, 31)])
def test_the_first_and_the_last_day_of_the_edition_are_accepted(on: date) -> None:
    given().when(replace(open_case(), on=on, today=YEAR_2021), EXIT, REGISTERED).then_happened(CaseOpened)


ALLOWED = [
    (IDENTIFICATION, {PovertyStatus.CANDIDATE, PovertyStatus.REMOVED}),
    (EXIT, {PovertyStatus.REGISTERED, PovertyStatus.RETURNED}),
    (RETURN, {PovertyStatus.EXITED}),
    (LOOK_BACK, {PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED}),
]


@pytest.mark.parametrize("status", PovertyStatus)
@pytest.mark.parametrize(("procedure", "allowed"), ALLOWED, ids=lambda p: getattr(p, "procedure", ""))
def test_each_procedure_has_the_statuses_it_starts_from(
    procedure: Procedure, allowed: set[PovertyStatus], status: PovertyStatus
) -> None:
    cause = PovertyCause.ILLNESS if procedure.opening.causes else None
    case = given().when(open_case(cause=cause), procedure, with_status(status))
    if status in allowed:
        case.then_happened(CaseOpened)
    else:
        case.then_refused(STATUS_NOT_ALLOWED, status=status)


def test_another_open_case_is_in_the_way() -> None:
    standing = replace(REGISTERED, open_case_id=OTHER_CASE)
    given().when(open_case(), EXIT, standing).then_refused(OTHER_CASE_OPEN, case=OTHER_CASE)


def test_the_claim_of_the_case_itself_is_not_in_its_way() -> None:
    given().when(open_case(), EXIT, replace(REGISTERED, open_case_id=CASE)).then_happened(CaseOpened)


def test_a_return_names_its_cause() -> None:
    """M007."""
    given().when(open_case(), RETURN, EXITED).then_refused(CAUSE_REQUIRED)


def test_a_cause_is_one_of_those_that_the_procedure_lists() -> None:
    given().when(open_case(cause="rain"), RETURN, EXITED).then_refused(UNKNOWN_CAUSE, causes=RETURN.opening.causes)
    given().when(open_case(cause=PovertyCause.ILLNESS), EXIT, REGISTERED).then_refused(UNKNOWN_CAUSE, causes=())


def test_a_case_is_opened_once() -> None:
    given(opened()).when(open_case(), EXIT, REGISTERED).then_refused(CASE_EXISTS)


@pytest.mark.parametrize(("today", "accepted"), [(day(1), False), (day(2), True), (day(3), True)])
def test_a_case_is_entered_on_its_day_or_later(today: date, accepted: bool) -> None:
    case = given().when(open_case(2, today=today), IDENTIFICATION, CANDIDATE)
    if accepted:
        case.then_happened(CaseOpened)
    else:
        case.then_refused(FUTURE_DAY, today=today.isoformat())
