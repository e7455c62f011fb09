"""``lika registry national``: households and members in the national system's columns, out and in; and ``lika registry reconciliations``:
its list compared with the register."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.table import Table

from contracts.registry.reconciliations import CorrectedIn, ReconciliationCheck, ReconciliationResult
from services.casework.exports.cli import READ_SECONDS, Export, download, save
from services.chassis.ground.labels import LABELS
from services.chassis.web.cli_client import AsJson, House, Token, Url, asking, fail, print_all, print_json
from services.chassis.web.idempotency_keys import KEY_HEADER
from services.registry.messages import say
from services.registry.printing import errors_table
from services.registry.workbook_cli import Again, DryRun, Workbooks, import_files, save_template, send_files

Answer = Mapping[str, Any]
COMPARISONS, FINDINGS, LAYOUT = "/registry/reconciliations", "/registry/findings", "national_register"
ITEMS, LEFT_OUT = "Lika-Items", "Lika-Left-Out"

national = typer.Typer(name="national", no_args_is_help=True, help="全国系统表式 / the national system's layout")
reconciliations = typer.Typer(
    name="reconciliations", no_args_is_help=True, help="与全国系统对账 / comparisons with the national system's list"
)
ComparisonId = Annotated[
    str | None, typer.Argument(metavar="[DAY|ID]", help="对账日或标识，缺省为最近一次 / day or id, else the latest")
]


@national.command("export")
def export_national(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 .xlsx / save as .xlsx")],
    division: Annotated[str, typer.Option("--division", metavar="D", help="区划代码 / division")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="D", help="数据日期 / the day")],
    order: Annotated[
        tuple[str, str],
        typer.Option("--order", metavar="ORGAN NO", help="所据文件的机关和文号 / the paper that it rests on"),
    ],
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """导出为全国系统表式，含明文，逐户记录查阅 / Save households and members in plain; a reading of each is recorded."""
    body = {"division": division, "as_of": as_of, "order": {"organ": order[0], "document_no": order[1]}}
    with asking(url, token, READ_SECONDS) as house:
        headers = download(
            house, "POST", "/registry/national-exports", file, json=body, headers={KEY_HEADER: str(uuid4())}
        )
    told = {"file": str(file), "households": int(headers[ITEMS]), "left_out": int(headers[LEFT_OUT])}
    if as_json:
        print_json(told)
    else:
        typer.echo(say("national_saved", **told).line)


@national.command("import")
def import_national(
    files: Workbooks, dry_run: DryRun = False, again: Again = False, as_json: AsJson = False, url: Url = "",
    token: Token = "",
) -> None:  # fmt: skip
    """导入全国系统导出的表；再次发送从中断处继续 / Import lists of the national system; sent again, they resume."""
    seen = {"households_seen": say("households"), "members_seen": say("members")}
    import_files("/registry/intake/workbooks", files, seen, dry_run, again, as_json, url, token, layout=LAYOUT)


@national.command("template")
def national_template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = "",
    token: Token = "",
) -> None:
    """保存全国系统表式的空表 / Save the empty sheets of the national layout."""
    save_template(f"/registry/intake/template?layout={LAYOUT}", file, url, token)


@reconciliations.command("run")
def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="全国系统的表 / the list")],
    on: Annotated[str, typer.Option("--on", metavar="D", help="对账日 / the day as of which the list says it")],
    dry_run: DryRun = False,
    again: Again = False,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """与本县登记对账；再次发送从中断处继续 / Compare a list with the county's register; sent again, it goes on."""
    sent = send_files(COMPARISONS, [file], dry_run, again, as_json, url, token, {"compared_on": on}, annotates=False)
    ((_, answer),) = sent
    with asking(url, token) as house:  # whoever has it shown next finds it
        house.written.update(answer.get("position", {}))
        house.get(COMPARISONS, limit=1)
    if as_json:
        print_json(answer)
    elif "figures" not in answer:
        fail(str(answer.get("detail")))
    else:
        print_all(_figures(answer))
        if answer["errors"]:
            print_all(errors_table(file.name, answer["errors"]))
    raise typer.Exit(1 if answer.get("refused", 1) else 0)


@reconciliations.command("list")
def list_comparisons(export: Export = None, as_json: AsJson = False, url: Url = "", token: Token = "") -> None:
    """历次对账 / Comparisons of the counties in your area."""
    with asking(url, token) as house:
        if export is not None:
            save(house, COMPARISONS, export)
            return
        found = house.get_all(COMPARISONS, limit=200)
    if as_json:
        print_json(found)
        return
    names = ("county", "compared_on", "made_on", "made_by", "reconciliation_id")
    table = _table("ReconciliationAnswer", *names)
    for each in found:
        table.add_row(*(str(each[name]) for name in names))
    print_all(table)


@reconciliations.command("show")
def show(
    comparison: ComparisonId = None,
    result: Annotated[
        ReconciliationResult | None, typer.Option("--result", help="只看一种结果 / one result only")
    ] = None,
    division: Annotated[str, typer.Option(help="区划代码前缀 / a division within your area")] = "",
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """一次对账的结果 / What a comparison found, and who corrects what where."""
    with asking(url, token) as house:
        found = _comparison(house, comparison)
        path, asked = f"{COMPARISONS}/{found['reconciliation_id']}/households", {"result": result, "division": division}
        if export is not None:
            save(house, path, export, **asked)
            return
        households = house.get_all(path, **asked, limit=200)
    if as_json:
        print_json({**found, "households": households})
    else:
        print_all(_figures(found), _households(households))


@reconciliations.command("answer")
def answer(
    number: Annotated[str, typer.Argument(metavar="户编号", help="户编号 / household number")],
    reason: Annotated[str, typer.Option("--reason", help="理由 / why it is right all the same")],
    url: Url = "",
    token: Token = "",
) -> None:
    """对不一致的一户说明理由，至差异改变前不再列出 / Answer what differs; it stands answered until it differs otherwise."""
    with asking(url, token) as house:
        found = [
            each
            for check in ReconciliationCheck
            for each in house.get_all(FINDINGS, rule=check.value, state="open", limit=200)
            if each["values"]["national_no"] == number
        ]
        if not found:
            fail(str(say("reconciliation_nothing_open", number=number)))
        for each in found:
            house.post(f"{FINDINGS}/{each['finding_id']}/answers", {"reason": reason})
    typer.echo(say("reconciliation_answered", number=number).line)


def _comparison(house: House, named: str | None) -> Answer:
    """Of that day, with that id, or the latest. Ends the command where there is none."""
    found = house.get_all(COMPARISONS, limit=200)
    fitting = [each for each in found if named in (None, each["compared_on"], each["reconciliation_id"])]
    if not fitting:
        fail(str(say("reconciliation_none", named=named or "")))
    return max(fitting, key=lambda each: (each["made_on"], each["compared_on"]))


def _table(answer: str, *names: str) -> Table:
    table = Table()
    for name in names:
        table.add_column(LABELS.field(name, answer).line, overflow="fold")
    return table


def _figures(found: Answer) -> Table:
    names = ("result", "households", "persons_here", "persons_there")
    table = _table("ReconciledFiguresAnswer", *names)
    table.title = f"{LABELS.field('compared_on', 'ReconciliationAnswer').line}: {found['compared_on']}"
    for each in found["figures"]:
        result = LABELS.code(ReconciliationResult(each["result"])).line
        table.add_row(result, *(f"{each[name]:,}" for name in names[1:]))
    return table


def _households(found: Sequence[Answer]) -> Table:
    names = ("national_no", "division", "result", "differences")
    table = _table("ReconciledHouseholdAnswer", *names)
    for each in found:
        result = LABELS.code(ReconciliationResult(each["result"])).line
        table.add_row(each["national_no"], each["division"], result, "\n".join(_differences(each["differences"])))
    return table


def _differences(differences: Sequence[Answer]) -> Iterator[str]:
    """Which field, what is said here and there, and in which of the two it is put right."""
    for each in differences:
        field = LABELS.fields.get(LABELS.field_key(each["field"], "Member"))
        name = each["field"] if field is None else field.line
        where = LABELS.code(CorrectedIn(each["corrected_in"])).line
        yield f"{name}: {each['here'] or '—'} | {each['there'] or '—'} → {where}"
