"""Rows of the history sheet: dates with their precision, decisions, and their errors."""

from datetime import date

import pytest

from contracts.facts import Precision
from services.registry.intake.codes import StatusEvent
from tests.registry.intake.example_workbooks import (
    TODAY,
    errors_of,
    parse,
)


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        (2014, date(2014, 1, 1), Precision.YEAR),
        ("2014年", date(2014, 1, 1), Precision.YEAR),
        ("2014-05", date(2014, 5, 1), Precision.MONTH),
        ("201405", date(2014, 5, 1), Precision.MONTH),
        ("2014年5月", date(2014, 5, 1), Precision.MONTH),
        ("2014.5.3", date(2014, 5, 3), Precision.DAY),
        (20140503, date(2014, 5, 3), Precision.DAY),
        (date(2014, 5, 3), date(2014, 5, 3), Precision.DAY),
        (TODAY, TODAY, Precision.DAY),
    ],
)
def test_the_precision_of_a_date_is_kept_and_no_day_is_invented(typed: object, day: date, precision: Precision) -> None:
    (draft,) = parse(history=[{"household_no": "H1", "event": "识别", "effective_on": typed}]).drafts
    (event,) = draft.history
    assert (event.effective.first_day, event.effective.precision) == (day, precision)


def test_migrated_history_keeps_what_the_old_system_asserts_and_who_decided() -> None:
    decided = {"document_no": "样扶〔2014〕3号", "organ": "样例县扶贫办", "decided_on": "2014-05-02", "signer": "主任"}
    reading = parse(
        history=[
            {"household_no": "H1", "event": "脱贫", "effective_on": "2014-05", "source_recorded_on": "2014-05-30", **decided},
            {"household_no": "H1", "event": "识别", "effective_on": "2013"},
        ]
    )  # fmt: skip
    first, second = reading.drafts[0].history
    assert (first.event, second.event) == (StatusEvent.IDENTIFIED, StatusEvent.EXITED)
    assert second.source_recorded_on == date(2014, 5, 30)
    assert second.decision is not None
    assert second.decision.decided_on == date(2014, 5, 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"event": None}, "required"),
        ({"event": "升天"}, "unknown_label"),
        ({"effective_on": None}, "required"),
        ({"effective_on": "2014-07"}, "future_date"),
        ({"source_recorded_on": "2014-05"}, "day_needed"),
        ({"source_recorded_on": "2014-06-02"}, "future_date"),
        ({"document_no": "3号"}, "decision_incomplete"),
        (
            {
                "document_no": "3号",
                "organ": "县扶贫办",
                "signer": "主任",
                "decided_on": "2014-05-02",
                "source_recorded_on": "2014-05-01",
            },
            "decided_after_recorded",
        ),
    ],
)
def test_an_error_in_the_history_keeps_the_household_out(change: dict[str, object], code: str) -> None:
    reading = parse(history=[{"household_no": "H1", "event": "识别", "effective_on": 2014, **change}])
    assert errors_of(reading) == [("历史表", 2, code)]
    assert reading.drafts == []
