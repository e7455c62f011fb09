"""The table ``reports``: what was reported, and how it ended."""

from collections.abc import Sequence
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry import corrections as c
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.corrections.reports import reports_of
from services.registry.corrections.streams import PREFIX

REPORTS = Table(
    "reports",
    "household_id",
    ("household_id", "report_id", "fact", "effective_on", "reported_on", "answer_by", "level", "entered_by", "state"),
)
TYPES = frozenset(
    kind.type_name
    for kind in (
        c.DeathReported, c.DepartureReported, c.BirthReported, c.ReportCarriedOut, c.ReportWithdrawn, c.ReportDeclined,
    )
)  # fmt: skip


def view() -> View[UUID]:
    """Keeps the table ``reports``."""
    return view_of_streams("reports", (REPORTS,), TYPES, PREFIX, UUID, _rows)


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([
        (household_id, id_, report.fact.type_name, report.fact.effective_on, civil_day(report.recorded.recorded_at),
         report.fact.answer_by, report.fact.level, report.fact.entered_by, report.state)
        for id_, report in reports_of(facts).items()
    ],)  # fmt: skip
