"""The tables of comparisons and of what each found. Nothing personal is in them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.reconciliations import HouseholdReconciled, RegisterReconciled
from services.casework.findings.feed import FindingRows, FindingsView, findings_view
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.reconciliations.checks import CheckedNumber
from services.registry.reconciliations.comparing import PREFIX

OF_COMPARISON = "reconciliation-"
RECONCILIATIONS = Table(
    "reconciliations",
    "reconciliation_id",
    ("reconciliation_id", "county", "compared_on", "made_on", "made_by", "evidence_id", "figures"),
)
LINES = Table(
    "reconciled_households",
    "subject",
    (
        "subject", "reconciliation_id", "national_no", "household_id", "division", "result", "persons_here",
        "persons_there", "differences", "document",
    ),
)  # fmt: skip
NUMBERS = Table("reconciled_numbers", "subject", ("subject", "division"))
AREAS = "SELECT subject, division FROM reconciled_numbers"
"""SQL of the relation (subject, division): where a number was found to be last, in either."""


def reconciliations_view() -> View[UUID]:
    types = frozenset({RegisterReconciled.type_name})
    return view_of_streams("reconciliations", (RECONCILIATIONS,), types, OF_COMPARISON, UUID, _rows)


def lines_view() -> View[UUID]:
    """Keeps ``reconciled_households`` and ``reconciled_numbers``."""
    types = frozenset({HouseholdReconciled.type_name})
    return view_of_streams("reconciled_households", (LINES, NUMBERS), types, PREFIX, UUID, _line_rows)


def reconciliation_findings_view(rows: FindingRows[CheckedNumber]) -> FindingsView:
    types = frozenset({HouseholdReconciled.type_name})
    return findings_view(rows, PREFIX, types, types)


def _rows(reconciliation: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return (
        [
            (
                reconciliation, r.fact.county, r.fact.effective_on, civil_day(r.recorded_at), r.fact.entered_by,
                next((e.file.id for e in r.fact.evidence if e.file is not None), None),
                msgspec.json.encode(r.fact.figures).decode(),
            )
            for r in facts
            if isinstance(r.fact, RegisterReconciled)
        ],
    )  # fmt: skip


def _line_rows(subject: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    said = [r.fact for r in facts if isinstance(r.fact, HouseholdReconciled)]
    lines = [
        (
            subject, f.reconciliation_id, f.national_no, f.household_id, f.division, f.result, f.persons_here,
            f.persons_there, msgspec.json.encode(f.differences).decode(), f.document,
        )
        for f in said
    ]  # fmt: skip
    return lines, [(subject, said[-1].division)] if said else []
