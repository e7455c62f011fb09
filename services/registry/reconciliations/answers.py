"""Response models of comparisons."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self
from uuid import UUID

import msgspec
from pydantic import BaseModel

from contracts.personal import MASK
from contracts.registry.reconciliations import (
    CorrectedIn,
    FieldDifference,
    ReconciledFigures,
    ReconciliationResult,
)
from services.casework.procedures.answers import OfficeAnswer
from services.casework.workbooks.web import ImportedAnswer, RowErrorAnswer
from services.registry.reconciliations.document import Reconciliation
from services.registry.reconciliations.queries import ListedLine, ListedReconciliation


class ReconciledFiguresAnswer(BaseModel):
    """Households of this result, and their persons: as the register, and as the list has them."""

    result: ReconciliationResult
    households: int
    persons_here: int
    persons_there: int


class ReconciledAnswer(ImportedAnswer):
    """What a comparison found, or its dry run would. ``errors``: of rows that could not be compared, ``refused``: of how many
    households."""

    compared_on: date
    figures: list[ReconciledFiguresAnswer]
    refused: int
    errors: list[RowErrorAnswer]
    warnings: list[RowErrorAnswer]


class ReconciliationAnswer(BaseModel):
    """``compared_on``: the day as of which both were compared; ``evidence_id``: the list as it was brought."""

    reconciliation_id: UUID
    county: str
    compared_on: date
    made_on: date
    made_by: str
    evidence_id: UUID | None
    figures: list[ReconciledFiguresAnswer]

    @classmethod
    def of(cls, found: ListedReconciliation) -> Self:
        figures = msgspec.json.decode(found.figures, type=tuple[ReconciledFigures, ...])
        return cls(
            reconciliation_id=found.reconciliation_id, county=found.county, compared_on=found.compared_on,
            made_on=found.made_on, made_by=found.made_by, evidence_id=found.evidence_id,
            figures=figures_answer(figures),
        )  # fmt: skip


class ReconciledDifferenceAnswer(BaseModel):
    """``row``: of the list; ``here``, ``there``: what is said, personal values masked; ``corrected_by``: whose it is to put right."""

    field: str
    person_no: str | None
    row: int
    here: str | None
    there: str | None
    corrected_in: CorrectedIn
    corrected_by: OfficeAnswer | None


class ReconciledHouseholdAnswer(BaseModel):
    """A household number that is not the same in both. ``household_id``: null where it is not on record here; ``national_no``: blank
    where the household has none."""

    national_no: str
    household_id: UUID | None
    division: str
    result: ReconciliationResult
    persons_here: int
    persons_there: int
    subject: UUID
    differences: list[ReconciledDifferenceAnswer]

    @classmethod
    def of(cls, found: ListedLine, editions: Mapping[str, Reconciliation]) -> Self:
        fields = editions[found.document].fields
        told = msgspec.json.decode(found.differences, type=tuple[FieldDifference, ...])
        return cls(
            national_no=found.national_no, household_id=found.household_id, division=found.division, result=found.result,
            persons_here=found.persons_here, persons_there=found.persons_there, subject=found.subject,
            differences=[
                ReconciledDifferenceAnswer(
                    field=each.field, person_no=each.person_no, row=each.row, here=MASK if each.personal else each.here,
                    there=MASK if each.personal else each.there, corrected_in=each.corrected_in,
                    corrected_by=_office(fields, each.field),
                )
                for each in told
            ],
        )  # fmt: skip


def _office(fields: Mapping[str, object], field: str) -> OfficeAnswer | None:
    terms = fields.get(field)
    by = getattr(terms, "by", None)
    return None if by is None else OfficeAnswer(level=by.level, role=by.role)


def figures_answer(figures: Sequence[ReconciledFigures]) -> list[ReconciledFiguresAnswer]:
    return [ReconciledFiguresAnswer.model_validate(each, from_attributes=True) for each in figures]
