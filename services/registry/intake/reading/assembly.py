"""From rows to households: what one row cannot know. Any error in any of its rows keeps a household out."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from contracts.registry.households import Relation
from services.chassis.ground.refusals import Rule
from services.registry.households.resident_id import ResidentId, area_warning
from services.registry.intake.layout import MEMBERS
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.drafting import draft_household
from services.registry.intake.reading.drafts import Reading, RowError
from services.registry.intake.reading.row_checks import check_history, check_household, check_member
from services.registry.intake.reading.rows import Row

Reader = Callable[[Row], str | None]


def assemble(households: list[Row], members: list[Row], history: list[Row]) -> Reading:
    """Check what spans cells, rows and sheets, then draft the households that no error touches."""
    _refuse_repeated(households, "national_no", _text("national_no"), rules.DUPLICATE_HOUSEHOLD)
    _refuse_repeated(members, "national_no", _text("national_no"), rules.DUPLICATE_PERSON)
    _refuse_repeated(members, "id_number", _id_number, rules.DUPLICATE_ID)
    for household in households:
        check_household(household)
    homes = {number: row for row in households if (number := row.get("national_no", str)) is not None}
    people = _by_household(members, homes, rules.MEMBER_WITHOUT_HOUSEHOLD)
    past = _by_household(history, homes, rules.HISTORY_WITHOUT_HOUSEHOLD)
    for member in members:
        check_member(member, homes.get(member.get("household_no", str) or ""))
    for event in history:
        check_history(event)
    for number, household in homes.items():
        _check_heads(household, people[number])
    drafts = [
        draft_household(row, people[number], past[number])
        for number, row in homes.items()
        if not any(part.errors for part in (row, *people[number], *past[number]))
    ]
    errors = tuple(error for row in (*households, *members, *history) for error in row.errors)
    return Reading(tuple(drafts), errors, tuple(_warnings(members)), len(households), len(members))


def _text(key: str) -> Reader:
    return lambda row: row.get(key, str)


def _id_number(row: Row) -> str | None:
    read = row.get("id_number", ResidentId)
    return read.number if read else None


def _refuse_repeated(rows: list[Row], key: str, value_of: Reader, why: Rule) -> None:
    """Every row that shares the value errs, and names the first of the others: nobody can say which one is right."""
    sharing: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        value = value_of(row)
        if value is not None:
            sharing[value].append(row)
    for same in sharing.values():
        for row in same if len(same) > 1 else ():
            row.wrong(why, key, see_row=same[1].number if row is same[0] else same[0].number)


def _by_household(rows: list[Row], homes: dict[str, Row], why: Rule) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        number = row.get("household_no", str)
        if number is None:
            continue
        if number not in homes:
            row.wrong(why, "household_no")
        found[number].append(row)
    return found


def _check_heads(household: Row, members: list[Row]) -> None:
    if not members:
        household.wrong(rules.HOUSEHOLD_WITHOUT_MEMBERS)
        return
    heads = [member for member in members if member.get("relation", Relation) is Relation.HEAD]
    for extra in heads[1:]:
        extra.wrong(rules.TWO_HEADS, "relation", see_row=heads[0].number)
    # An unreadable relation may be the head's: one error is enough.
    if not heads and not any("relation" in member.bad for member in members):
        household.wrong(rules.NO_HEAD)


def _warnings(members: Iterable[Row]) -> Iterable[RowError]:
    header = MEMBERS.column("id_number").header
    for member in members:
        number = _id_number(member)
        note = area_warning(number) if number else None
        if note is not None:
            yield RowError.of(note, MEMBERS.name, member.number, header)
