"""``lika registry consequences``: what follows from a correction, here and in the other services."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.registry.poverty_status import PovertyStatus
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.web.cli_client import AsJson, Token, Url, asking, print_all, print_json
from services.registry.corrections.consequences import StatementLine
from services.registry.messages import say

Answer = Mapping[str, Any]


def consequences(
    case: Annotated[str, typer.Argument(metavar="CASE", help="更正程序的案件标识 / case id of the correction")],
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """更正的影响：登记、报表，以及各系统由此产生的记录 / What follows from a correction: here, and in other services."""
    with asking(url, token) as house:
        found = house.get(f"/registry/cases/{case}/consequences")
        void: dict[str, list[str]] = {}
        for fact in found["void"]:
            void.setdefault(fact["household_id"], []).append(fact["id"])
        derived = [
            house.get(f"/audit/households/{household}/derived-facts", causes=",".join(causes))
            for household, causes in void.items()
        ]
    if as_json:
        print_json({**found, "derived": derived})
        return
    if (refused := found["refused_by"]) is not None:
        typer.echo(f"{refused['zh']} {refused['en']}")
    print_all(_periods(found["households"]), _lines(found["lines"]), *_cases(found["cases"]), *_derived(derived))
    if found["elsewhere"]:
        typer.echo(say("households_elsewhere", count=found["elsewhere"]).line)


def _table(title: Message, *columns: str) -> Table:
    table = Table(title=title.line)
    for name in columns:
        table.add_column(LABELS.fields[name].line, overflow="fold")
    return table


def _periods(households: Sequence[Answer]) -> Table:
    table = _table(say("periods_change"), "national_no", "before", "after")
    for each in households:
        before, after = ("\n".join(map(_period, each[name])) for name in ("before", "after"))
        table.add_row(each["national_no"] or each["household_id"], before, after)
    return table


def _period(period: Answer) -> str:
    status = LABELS.code(PovertyStatus(period["status"])).line
    return f"{period['valid_from']} – {period['valid_to'] or ''} {status} {period['persons']}"


def _lines(lines: Sequence[Answer]) -> Table:
    table = _table(say("lines_change"), "year", "division", "LineChangeAnswer.line", "households", "persons")
    for each in lines:
        line = LABELS.code(StatementLine(each["line"])).line
        table.add_row(str(each["year"]), each["division"], line, f"{each['households']:+d}", f"{each['persons']:+d}")
    return table


def _cases(cases: Sequence[Answer]) -> list[Table]:
    if not cases:
        return []
    table = _table(say("cases_without_ground"), "case_id", "procedure")
    for each in cases:
        table.add_row(each["case_id"], each["procedure"])
    return [table]


def _derived(answers: Sequence[Answer]) -> list[Table | str]:
    """With how far each log was read."""
    table = _table(say("derived_facts"), "log", "type", "effective_on", "id")
    for fact in (fact for answer in answers for fact in answer["facts"] if fact["annulled_by"] is None):
        label = LABELS.fact(fact["type"]).line
        table.add_row(fact["log"], label, fact["effective_on"], fact["id"])
    read = [f"{log['log']}={log['position']}" for answer in answers[:1] for log in answer["logs"]]
    return [table, say("logs_read", logs=", ".join(read)).line] if answers else []
