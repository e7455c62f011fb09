"""How many periods one after the other were missed."""

import pytest

from services.casework.duties.assessment import longest_run
from services.casework.duties.domain import DutyState

MET, DUE, OVERDUE, MISSED = DutyState.MET, DutyState.DUE, DutyState.OVERDUE, DutyState.MISSED


@pytest.mark.parametrize(
    ("states", "run"),
    [
        ([], 0),
        ([MET, MET], 0),
        ([OVERDUE], 1),
        ([MISSED, OVERDUE], 2),
        ([MISSED, MET, MISSED, DUE], 1),
        ([MISSED, DUE, OVERDUE, MET, MISSED], 2),  # what is due yet ends no run
    ],
)
def test_a_run_is_ended_by_what_was_done_and_by_nothing_else(states: list[DutyState], run: int) -> None:
    assert longest_run(states) == run
