"""Queries of entitlements and eligibility."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg.rows import dict_row

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import PovertyStatus
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
from services.assistance.entitlements.proposing import Considered
from services.assistance.entitlements.units import facts_about_units, unit_on
from services.assistance.programmes.candidates import NOTHING_STATED, Stated
from services.assistance.programmes.document import KIND, Programme, programme_from
from services.assistance.programmes.eligibility import Finding, assess
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate
from services.assistance.programmes.reasons import Reason
from services.casework.documents.reading import Documents
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.people.lists import BEFORE_FIRST, After, Filter, households_today, members_today
from services.casework.people.state import PersonState
from services.chassis.ground.labels import LABELS
from services.chassis.log.store import Store

GRANTS: LiteralString = (
    "SELECT case_id, unit_id, programme, household_id, division, stage, amounts, granted_from AS from_,"
    " granted_until AS until, ending, continued_on AS continued_after_exit_on, suspended_from, review"
    " FROM entitlements WHERE starts_with(division, %s) AND household_id = coalesce(%s, household_id)"
    " AND unit_id = coalesce(%s, unit_id) AND programme = coalesce(%s, programme)"
    " AND (division, unit_id, case_id) > (%s, %s, %s) ORDER BY division, unit_id, case_id LIMIT %s"
)
IN_SCHOOL: LiteralString = "m.stage <> 'none'"
ANYBODY: LiteralString = "true"
OF_THE_UNIT: LiteralString = (
    "(SELECT case_id FROM cases c WHERE c.subject = {unit} AND c.standing = %s AND c.outcome IS NULL LIMIT 1)"
    " AS open_application,"
    " (SELECT case_id FROM entitlements e WHERE e.unit_id = {unit} AND e.programme = %s AND e.granted_from <= %s"
    " AND (e.granted_until IS NULL OR e.granted_until > %s) LIMIT 1) AS running_entitlement,"
    " ARRAY(SELECT programme FROM entitlements e WHERE e.unit_id = {unit} AND e.granted_from <= %s"
    " AND (e.granted_until IS NULL OR e.granted_until > %s)) AS receiving"
)
OF_MEMBER, OF_HOUSEHOLD = OF_THE_UNIT.format(unit="m.person_id"), OF_THE_UNIT.format(unit="h.household_id")
NUMBERS = RegisteredNumbers(copied=True)
CHUNK = 500
SHOWN: Mapping[str, Callable[[EligibilityAnswer], bool]] = {
    "all": lambda _: True,
    "to_apply": lambda answer: answer.to_apply,
    "not_eligible": lambda answer: answer.running_entitlement is not None and not answer.eligible,
}
"""Both directions: who should have it and has it not, and who has it and would not be granted it now."""
U = TypeVar("U", bound=UnitAnswer)


@dataclass(frozen=True)
class _Listed:
    """A unit of a list, with what is found about it. ``row``: as the list has it."""

    row: Mapping[str, Any]
    programme: Programme | None
    finding: Finding | None


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
            review, lines = row.pop("review"), due.get(row["case_id"], ())
            of_case = [DueAnswer.of(line) for line in lines]
            answers.append(EntitlementAnswer(**row, due=of_case, review=review and ReviewAnswer(**review)))
        return self._numbered(answers)

    def eligibility(
        self, programme: str, filters: Filter, day: date, after: After, limit: int, only: str
    ) -> list[EligibilityAnswer]:
        """Units of the programme's kind with their eligibility on that day, by division, household and unit."""
        listed = self._listed(programme, filters, day, after, NOTHING_STATED)
        answers = (_eligibility(each, day) for each in listed)
        return self._numbered(islice(filter(SHOWN[only], answers), limit))

    def considered(self, programme: str, division: str, day: date, stated: Stated) -> Iterator[Considered]:
        """Every unit of the division that the programme could be for, with what papers say of all of them."""
        for each in self._listed(programme, (division, None, None), day, BEFORE_FIRST, stated):
            row, finding = each.row, each.finding
            yield Considered(
                row["unit_id"], finding.reasons if finding is not None else (Reason.NO_STANDARD_IN_FORCE,),
                row["open_application"] is not None or row["running_entitlement"] is not None,
                finding.priority if finding is not None else 0,
            )  # fmt: skip

    def _listed(self, key: str, filters: Filter, day: date, after: After, stated: Stated) -> Iterator[_Listed]:
        programmes = Programmes(self._documents.current())
        given = (key, key, day, day, day, day)
        if self._is_of_persons(programmes, key):
            in_school = self._asks_school(programmes, key)
            rows = members_today(
                self._store, filters, after, only=IN_SCHOOL if in_school else ANYBODY, also=OF_MEMBER, given=given
            )
        else:
            rows = households_today(self._store, filters, after, also=OF_HOUSEHOLD, given=given)
        while chunk := list(islice(rows, CHUNK)):
            editions = [programmes.found(key, day, row["division"]) for row in chunk]
            folded = [r for r, p in zip(chunk, editions, strict=True) if p is not None and not p.is_listed]
            candidates = self._folded(folded, day, stated)
            for row, edition in zip(chunk, editions, strict=True):
                candidate = candidates.get(row["unit_id"]) or _as_listed(row, day)
                yield _Listed(row, edition, assess(edition, candidate) if edition is not None else None)

    def _is_of_persons(self, programmes: Programmes, key: str) -> bool:
        first = programmes.lookup.first(KIND, key)
        return first is None or first.typed(programme_from).is_of_persons

    def _asks_school(self, programmes: Programmes, key: str) -> bool:
        first = programmes.lookup.first(KIND, key)
        return first is not None and first.typed(programme_from).is_of_pupils

    def _folded(self, rows: Iterable[Mapping[str, Any]], day: date, stated: Stated) -> dict[UUID, Candidate]:
        """Of units of which the programme asks more than a list has."""
        of = {row["unit_id"]: row for row in rows}
        if not of:
            return {}
        with self._store.reading() as conn, conn.cursor() as cur:
            about = facts_about_units(cur, list(of))
        return {
            unit: unit_on(
                unit, about[unit], day, household=unit == row["household_id"],
                stated=replace(stated, receiving=frozenset(row["receiving"])),
            ).candidate
            for unit, row in of.items()
        }  # fmt: skip

    def _numbered(self, units: Iterable[U]) -> list[U]:
        """With the numbers that people know them and their households by."""
        found = list(units)
        with self._store.reading() as conn:
            numbers = NUMBERS(conn, {each for unit in found for each in (unit.household_id, unit.unit_id)})
        for unit in found:
            unit.national_no, unit.unit_no = numbers.get(unit.household_id), numbers.get(unit.unit_id)
        return found


def _as_listed(row: Mapping[str, Any], day: date) -> Candidate:
    """By what a list has of the unit, for programmes that ask no more."""
    state = PersonState(
        household_id=row["household_id"], division=row["division"], status=PovertyStatus(row["status"]),
        stage=SchoolStage(row["stage"]), boarder=row["boarder"],
    )  # fmt: skip
    return Candidate(state, day, receiving=frozenset(row["receiving"]))


def _eligibility(listed: _Listed, day: date) -> EligibilityAnswer:
    row, finding = listed.row, listed.finding
    against = finding.reasons if finding is not None else (Reason.NO_STANDARD_IN_FORCE,)
    is_new = row["open_application"] is None and row["running_entitlement"] is None
    return EligibilityAnswer(
        **{name: row[name] for name in ("unit_id", "household_id", "division", "stage", "status")},
        open_application=row["open_application"], running_entitlement=row["running_entitlement"],
        as_of=day, eligible=not against,
        reasons=[ReasonAnswer.of(reason) for reason in against or (Reason.ELIGIBLE,)],
        priority=finding.priority if finding is not None else 0,
        amounts=list(_amounts(finding, day)) if finding is not None else [],
        to_apply=is_new and not against,
    )  # fmt: skip


def _amounts(finding: Finding, day: date) -> Iterator[OpenComponentAnswer]:
    for component in finding.components:
        rate = component.rate_on(day)
        if rate is not None:
            words = rate.amount.in_words(LABELS.code(component.period))
            yield OpenComponentAnswer(component=component.key, zh=words.zh, en=words.en)
