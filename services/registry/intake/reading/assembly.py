"""Rows of all sheets assembled to household drafts, with the checks that span rows. An error in any row of a household
keeps it out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from contracts.registry.members import Relation
from services.casework.workbooks.importing.results import Subjects
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm, Row, check_unique
from services.casework.workbooks.values import PlaceName
from services.chassis.ground.refusals import Rule
from services.registry.households.identity_documents import IdentityDocument
from services.registry.households.resident_id import area_warning
from services.registry.households.rules import MOST_MEMBERS
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.drafting import draft_household
from services.registry.intake.reading.drafts import HouseholdDraft
from services.registry.intake.reading.row_checks import check_history, check_household, check_member

VillagesNamed = Callable[[Set[str]], Mapping[str, Sequence[str]]]
"""Names of villages → the codes that each has in the caller's area."""


def assemble(form: ReadForm, villages_named: VillagesNamed) -> Subjects[HouseholdDraft]:
    """Check across cells, rows and sheets, then draft the households without errors."""
    households, members, history = form.rows[HOUSEHOLDS], form.rows[MEMBERS], form.rows[HISTORY]
    _find_villages(households, villages_named)
    check_unique(households, "national_no", _text("national_no"), rules.DUPLICATE_HOUSEHOLD)
    check_unique(members, "national_no", _text("national_no"), rules.DUPLICATE_PERSON)
    for household in households:
        check_household(household)
    household_rows = {number: row for row in households if (number := row.get("national_no", str)) is not None}
    members_of = _group_by_household(members, household_rows, rules.MEMBER_WITHOUT_HOUSEHOLD)
    history_of = _group_by_household(history, household_rows, rules.HISTORY_WITHOUT_HOUSEHOLD)
    for member in members:
        check_member(member, household_rows.get(member.get("household_no", str) or ""))
    check_unique(members, "id_number", _claimed, rules.DUPLICATE_ID)
    for event in history:
        check_history(event)
    for number, household in household_rows.items():
        _check_composition(household, members_of[number])
    drafts = [
        draft_household(row, members_of[number], history_of[number])
        for number, row in household_rows.items()
        if not any(part.errors for part in (row, *members_of[number], *history_of[number]))
    ]
    rows = (*households, *members, *history)
    return Subjects(
        drafts,
        errors=[error for row in rows for error in row.errors],
        warnings=[*(warning for row in rows for warning in row.warnings), *_warnings(members)],
        seen=len(households),
        rows_seen=len(members),
    )


def _find_villages(households: Iterable[Row], villages_named: VillagesNamed) -> None:
    """The code for the name of a village."""
    named = [(row, place.name) for row in households if (place := row.get("division", PlaceName)) is not None]
    codes = villages_named({name for _, name in named}) if named else {}
    for row, name in named:
        found = codes.get(name, ())
        if len(found) == 1:
            row.values["division"] = found[0]
        else:
            row.refuse_cell(rules.VILLAGE_NAME_TWICE if found else rules.UNKNOWN_VILLAGE_NAME, "division")


def _text(key: str) -> Callable[[Row], str | None]:
    return lambda row: row.get(key, str)


def _claimed(row: Row) -> str | None:
    """The number of the document as one person's."""
    document = row.get("id_number", IdentityDocument)
    return f"{document.claim_kind}/{document.claimed}" if document and document.claimed else None


def _group_by_household(rows: list[Row], household_rows: dict[str, Row], rule: Rule) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        number = row.get("household_no", str)
        if number is None:
            continue
        if number not in household_rows:
            row.add_error(rule, "household_no")
        found[number].append(row)
    return found


def _check_composition(household: Row, members: list[Row]) -> None:
    if not members:
        household.add_error(rules.HOUSEHOLD_WITHOUT_MEMBERS)
        return
    if len(members) > MOST_MEMBERS:
        household.add_error(rules.TOO_MANY_MEMBERS)
    heads = [member for member in members if member.get("relation", Relation) is Relation.HEAD]
    for extra in heads[1:]:
        extra.add_error(rules.TWO_HEADS, "relation", see_row=heads[0].number)
    # A relation with an error may be the head's: one error is enough.
    if not heads and not any("relation" in member.unparsed for member in members):
        household.add_error(rules.NO_HEAD)


def _warnings(members: Iterable[Row]) -> Iterable[RowError]:
    for member in members:
        document = member.get("id_number", IdentityDocument)
        warning = area_warning(document.citizen.number) if document and document.citizen else None
        if warning is not None:
            yield RowError.of(warning, MEMBERS, member.number, "id_number")
