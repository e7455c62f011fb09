"""Tables and lines for a terminal: of an import, of households, of posts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from contracts.registry.codes import SchoolStage
from contracts.registry.households import Attribute
from contracts.registry.members import Relation, Sex
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.registry.divisions.china_division import Comparison
from services.registry.messages import say

MAX_ERRORS = 50
"""Errors shown per file; all of them are in the annotated workbook and in ``--json``."""
PLACES = 5
"""Of one warning that are named."""

Answer = Mapping[str, Any]


def counts_table(answers: Sequence[tuple[str, Answer]], seen: Mapping[str, Message]) -> Table:
    """One line per file, and a sum. ``seen``: what was counted in the file, and its headings."""
    headings = {
        **seen,
        "recorded": say("recorded"),
        "updated": say("updated"),
        "unchanged": say("unchanged"),
        "refused": say("refused"),
    }
    table = Table(title=say("import_result").line)
    table.add_column(say("file").line, overflow="fold")
    for heading in headings.values():
        table.add_column(str(heading), justify="right")  # on a line each: 80 columns hold them whole
    for name, answer in answers:
        table.add_row(name, *(str(answer[key]) for key in headings))
    if len(answers) > 1:
        sums = [str(sum(answer[key] for _, answer in answers)) for key in headings]
        table.add_section()
        table.add_row(say("total").line, *sums)
    return table


def errors_table(name: str, errors: Sequence[Answer]) -> Table:
    """Cell, column and message of each error, in both languages."""
    more = len(errors) - MAX_ERRORS
    caption = say("more_errors", count=more).line if more > 0 else None
    title = say("errors_of_file", file=name, count=len(errors)).line
    table = Table(title=title, caption=caption, show_lines=True)
    table.add_column(say("place").line, no_wrap=True)
    table.add_column(say("column").line, overflow="fold")
    table.add_column(say("error").line, overflow="fold")
    for error in errors[:MAX_ERRORS]:
        table.add_row(f"{error['sheet']} {error['row']}", error["column"], f"{error['zh']}\n{error['en']}")
    return table


def division_differences(compared: Comparison) -> Iterator[Table]:
    """What differs between the lists and the register, and stays as it is."""
    if compared.named_otherwise:
        table = Table(title=say("divisions_named_otherwise").line)
        for heading in (LABELS.fields["Division*.code"], say("name_here"), say("name_in_list")):
            table.add_column(heading.line, overflow="fold")
        for each, here in compared.named_otherwise:
            table.add_row(each.code, here, each.name)
        yield table
    if compared.not_listed:
        table = Table(title=say("divisions_not_listed").line)
        table.add_column(LABELS.fields["Division*.code"].line)
        for code in compared.not_listed:
            table.add_row(code)
        yield table


def households_table(found: Sequence[Answer], villages: Mapping[str, str]) -> Table:
    """One household a line, by its number, or its id where it has none. ``villages``: names by division code."""
    table = Table()
    for name in ("national_no", "division", "HouseholdAnswer.status", "attribute", "persons"):
        table.add_column(LABELS.fields[name].line, overflow="fold", no_wrap=name == "national_no")  # to be copied whole
    for each in found:
        status = LABELS.code(PovertyStatus(each["status"])).line if each["status"] else ""
        village = f"{villages.get(each['division'], '')} {each['division']}".strip()
        attribute = LABELS.code(Attribute(each["attribute"])).line
        named = each["national_no"] or each["household_id"]
        table.add_row(named, village, status, attribute, str(each["persons"]))
    return table


def found_table(found: Sequence[Answer], villages: Mapping[str, str]) -> Table:
    """One person a line, by their household's number, or its id where it has none."""
    table = Table()
    for name in ("national_no", "division", "person_id"):
        table.add_column(LABELS.fields[name].line, overflow="fold", no_wrap=name == "national_no")
    for each in found:
        village = f"{villages.get(each['division'], '')} {each['division']}".strip()
        table.add_row(each["national_no"] or each["household_id"], village, each["person_id"] or "")
    return table


def members_table(members: Sequence[Answer]) -> Table:
    """One member a line, by number or id; names stay masked."""
    table = Table()
    for name in ("national_no", "name", "sex", "birth_year", "relation", "school_stage"):
        table.add_column(LABELS.field(name, "MemberAnswer").line, overflow="fold")
    for each in members:
        codes = (Relation(each["relation"]), SchoolStage(each["school_stage"]))
        relation, stage = (LABELS.code(code).line for code in codes)
        sex, named = LABELS.code(Sex(each["sex"])).line, each["national_no"] or each["person_id"]
        table.add_row(named, each["name"], sex, str(each["birth_year"]), relation, stage)
    return table


def posts_table(held: Sequence[Answer]) -> Table:
    """One post a line, from the province down."""
    table = Table(title=say("posts_held").line)
    headings = [LABELS.fields[name].line for name in ("division", "title", "role", "since", "term_ends")]
    for heading in (*headings, say("absence").line):
        table.add_column(heading, overflow="fold")
    for line in sorted(held, key=lambda line: (len(line["post"]["division"]), line["post"]["division"])):
        post, until = line["post"], line["absent_until"]
        away = say("absent_until", day=until).line if until else ""
        deputies = say("deputies", count=len(line["deputies"])).line if line["deputies"] else ""
        table.add_row(
            post["division"], post["title"], LABELS.code(Role(post["role"])).line, post["since"], post["term_ends"] or "",
            " · ".join(filter(None, (away, deputies))),
        )  # fmt: skip
    return table


def warning_lines(warnings: Iterable[Answer]) -> list[str]:
    """Each distinct warning once, with its number and its first places."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for warning in warnings:
        place = f"{warning['sheet']}!{warning['row']} {warning['column']}".rstrip()
        places[warning["zh"], warning["en"]].append(place)
    return [
        f"{zh} {en} (×{len(found)}: {', '.join(found[:PLACES])}{' …' if len(found) > PLACES else ''})"
        for (zh, en), found in places.items()
    ]
