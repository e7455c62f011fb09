"""Queries of entitlements and eligibility."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from heapq import merge
from itertools import chain, dropwhile, islice
from typing import LiteralString, TypeVar
from uuid import UUID

from psycopg.rows import dict_row

from contracts.registry.codes import SchoolStage
from services.assistance.entitlements.answers import (
    DueAnswer,
    EligibilityAnswer,
    EntitlementAnswer,
    OpenComponentAnswer,
    ReasonAnswer,
    ReviewAnswer,
    UnitAnswer,
)
from services.assistance.entitlements.due_queries import EntitlementDue
from services.assistance.entitlements.evaluation import Evaluated, Evaluation
from services.assistance.entitlements.outside_units import OutsideEvaluation
from services.assistance.entitlements.proposing import Considered
from services.assistance.programmes.candidates import NOTHING_STATED, Stated
from services.assistance.programmes.eligibility import Finding
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.reasons import Reason
from services.casework.documents.reading import Documents
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.people.lists import BEFORE_FIRST, After, Filter
from services.chassis.ground.labels import LABELS
from services.chassis.log.store import Store

AfterProgramme = tuple[str, UUID, UUID, str]
"""Where a list goes on: behind this division, household, unit and programme."""
BEFORE_FIRST_PROGRAMME: AfterProgramme = (*BEFORE_FIRST, "")
NOT_IN_FORCE = (Reason.NO_STANDARD_IN_FORCE,)
GRANTS: LiteralString = (
    "SELECT case_id, unit_id, programme, household_id, division, stage, amounts, granted_from AS from_,"
    " granted_until AS until, ending, continued_on AS continued_after_exit_on, suspended_from, review"
    " FROM entitlements WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
    " AND unit_id = coalesce(%s, unit_id) AND programme = coalesce(%s, programme)"
    " AND (division, unit_id, case_id) > (%s, %s, %s) ORDER BY division, unit_id, case_id LIMIT %s"
)
NUMBERS = RegisteredNumbers(copied=True)
SHOWN: Mapping[str, Callable[[Evaluated], bool]] = {
    "all": lambda _: True,
    "to_apply": lambda found: found.eligible and not found.has_it,
    "not_eligible": lambda found: found.running_entitlement is not None and not found.eligible,
    "differences": lambda found: not found.has_it if found.eligible else found.running_entitlement is not None,
}
"""Both directions: who should have it and has it not, and who has it and would not be granted it now."""
U = TypeVar("U", bound=UnitAnswer)


class EntitlementQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents
        self._due = EntitlementDue(store, documents)

    def entitlements(
        self, programme: str | None, filters: Filter, day: date, after: After, limit: int
    ) -> list[EntitlementAnswer]:
        """What was granted, past and present, with what is due through that day; by division, unit and case."""
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            granted = cur.execute(GRANTS, (*filters, programme, *after, limit)).fetchall()
        units = list(dict.fromkeys(row["unit_id"] for row in granted))
        due = {case: lines for of_cases in self._due.by_case(units, day, None) for case, lines in of_cases.items()}
        answers = []
        for row in granted:
            review, lines = row.pop("review"), due.get(row["case_id"], {})
            of_case = [DueAnswer.of(line) for line in lines.values()]
            answers.append(EntitlementAnswer(**row, due=of_case, review=review and ReviewAnswer(**review)))
        return self._numbered(answers)

    def eligibility(
        self, programme: str | None, filters: Filter, day: date, after: AfterProgramme, limit: int, only: str
    ) -> list[EligibilityAnswer]:
        """Units with their eligibility on that day, by division, household, unit and programme: those of the register, and those
        entered outside of it. ``programme``: none for all that are in force somewhere; ``after``: the list goes on behind that
        programme of that unit. Raises ``PROGRAMME_NEVER_ADOPTED``."""
        if programme is not None:
            Programmes(self._documents.current()).require_adopted(programme)
        place, household, unit, last = after
        # Of this unit the other programmes are still to come.
        behind = (place, household, UUID(int=max(unit.int - 1, 0)))
        asked = self._store, Programmes(self._documents.current()), programme, day, NOTHING_STATED
        found = merge(
            Evaluation(*asked).units(filters, behind, every=only == "all"),
            OutsideEvaluation(*asked).units(filters, behind, every=only == "all"),
            key=_place_in_list,
        )
        left = dropwhile(lambda each: each.listed.unit_id == unit and each.programme <= last, found)
        return self._numbered(_eligibility(each, day) for each in islice(filter(SHOWN[only], left), limit))

    def considered(
        self, programme: str, division: str, day: date, stated: Stated, named: Collection[UUID]
    ) -> Iterator[Considered]:
        """Every unit of the division that the programme could be for, and those that were named, with what papers say of all of them.
        Raises ``PROGRAMME_NEVER_ADOPTED``."""
        programmes = Programmes(self._documents.current())
        programmes.require_adopted(programme)
        area, asked = (division, None, None), (self._store, programmes, programme, day, stated)
        of_register = Evaluation(*asked, named).units(area, BEFORE_FIRST, every=True)
        for each in chain(of_register, OutsideEvaluation(*asked).units(area, BEFORE_FIRST, every=True)):
            finding = each.finding
            reasons, priority = (finding.reasons, finding.priority) if finding is not None else (NOT_IN_FORCE, 0)
            yield Considered(each.listed.unit_id, reasons, each.has_it, priority)

    def _numbered(self, units: Iterable[U]) -> list[U]:
        """With the numbers that people know them and their households by."""
        found = list(units)
        with self._store.reading() as conn:
            numbers = NUMBERS(conn, {each for unit in found for each in (unit.household_id, unit.unit_id)})
        for unit in found:
            unit.national_no, unit.unit_no = numbers.get(unit.household_id), numbers.get(unit.unit_id)
        return found


def _place_in_list(found: Evaluated) -> AfterProgramme:
    return found.listed.division, found.listed.household_id, found.listed.unit_id, found.programme


def _eligibility(found: Evaluated, day: date) -> EligibilityAnswer:
    unit, finding = found.listed, found.finding
    against = finding.reasons if finding is not None else NOT_IN_FORCE
    return EligibilityAnswer(
        unit_id=unit.unit_id, household_id=unit.household_id, division=unit.division, stage=SchoolStage(unit.stage),
        status=unit.poverty_status, programme=found.programme,
        open_application=found.open_application, running_entitlement=found.running_entitlement,
        as_of=day, eligible=found.eligible, reasons=[ReasonAnswer.of(reason) for reason in against or (Reason.ELIGIBLE,)],
        priority=finding.priority if finding is not None else 0,
        amounts=list(_amounts(finding, day)) if finding is not None else [],
        to_apply=found.eligible and not found.has_it,
    )  # fmt: skip


def _amounts(finding: Finding, day: date) -> Iterator[OpenComponentAnswer]:
    for component in finding.components:
        rate = component.rate_on(day)
        if rate is not None:
            words = rate.amount.in_words(LABELS.code(component.period))
            yield OpenComponentAnswer(component=component.key, zh=words.zh, en=words.en)
