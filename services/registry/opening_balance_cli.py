"""``lika registry opening``: the cutover of a county. What an older system says of its opening day is proposed and approved by two persons,
and stands beside what the register holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.casework.exports.cli import Export, save
from services.casework.request_cli import Form, read_form
from services.chassis.ground.labels import LABELS
from services.chassis.web.cli_client import AsJson, Token, Url, asking, fail, print_all, print_json
from services.registry.messages import say

Answer = Mapping[str, Any]
PATH = "/registry/opening-balances"
COLUMNS = ("asserted", "held", "difference", "by_household", "unexplained")

opening = typer.Typer(name="opening", no_args_is_help=True, help="期初数与切换 / opening balances: a county's cutover")

County = Annotated[str, typer.Argument(metavar="COUNTY", help="县级区划代码 / county, 6 digits")]
Id = Annotated[str, typer.Argument(metavar="ID", help="标识，opening show 给出 / id, as opening show says")]


@opening.command("propose")
def propose(file: Form, url: Url = "", token: Token = "") -> None:
    """提出本县期初数（县级审核、决定）/ Propose what the older system says. Role: reviewer or decider of the county."""
    with asking(url, token) as house:
        at = str(house.post(PATH, read_form(file))["location"])
        found = house.get(at)
    balance = found["proposals"][-1]["balance_id"]
    typer.echo(say("opening_proposed", county=found["county"], balance=balance).line)


@opening.command("approve")
def approve(county: County, balance: Id, url: Url = "", token: Token = "") -> None:
    """批准期初数（另一人）/ Approve it, as another person. Role: decider of the county."""
    with asking(url, token) as house:
        house.post(f"{PATH}/{county}/approvals", {"balance_id": balance})
    typer.echo(say("opening_approved", county=county).line)


@opening.command("annul")
def annul(county: County, file: Form, url: Url = "", token: Token = "") -> None:
    """提出作废期初数，文件写明决定 / Propose to annul it; the file says by which decision."""
    with asking(url, token) as house:
        standing = house.get(f"{PATH}/{county}")["approved"]
        if standing is None:
            fail(str(say("opening_not_cut_over", county=county)))
        house.post(f"{PATH}/{county}/annulments", {"balance_id": standing["balance_id"], **read_form(file)})
        annulment = house.get(f"{PATH}/{county}")["annulments"][-1]["annulment_id"]
    typer.echo(say("opening_annulment_proposed", county=county, annulment=annulment).line)


@opening.command("approve-annulment")
def approve_annulment(county: County, annulment: Id, url: Url = "", token: Token = "") -> None:
    """批准作废（另一人）/ Approve the annulment, as another person."""
    with asking(url, token) as house:
        house.post(f"{PATH}/{county}/annulment-approvals", {"annulment_id": annulment})
    typer.echo(say("opening_annulled").line)


@opening.command("show")
def show(
    county: County,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="D", help="按该日所知 / as known then")] = None,
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """期初数与本系统当日登记的差额，逐户 / The balance beside the register, and each household that differs."""
    with asking(url, token) as house:
        found = house.get(f"{PATH}/{county}", known_at=known_at)
        households: list[dict[str, Any]] = []
        if found["approved"] is not None:
            if export is not None:
                save(house, f"{PATH}/{county}/households", export, known_at=known_at)
                return
            households = house.get_all(f"{PATH}/{county}/households", known_at=known_at, limit=200)
    if as_json:
        print_json({**found, "households": households})
    else:
        print_all(*_printed(found, households))


def _printed(found: Answer, households: Sequence[Answer]) -> Iterator[Table | str]:
    county, approved = found["county"], found["approved"]
    if approved is None:
        yield say("opening_not_cut_over", county=county).line
    else:
        yield _lines(found["lines"], say("opening_title", county=county, day=approved["opening_on"]).line)
    if households:
        yield _households(households)
    for waiting in found["proposals"]:
        yield say("opening_proposed", county=county, balance=waiting["balance_id"]).line
    for waiting in found["annulments"]:
        yield say("opening_annulment_proposed", county=county, annulment=waiting["annulment_id"]).line


def _lines(lines: Sequence[Answer], title: str) -> Table:
    table = Table(title=title)
    table.add_column("")
    for name in COLUMNS:
        table.add_column(LABELS.field(name, "OpeningLineAnswer").line, justify="right", overflow="fold")
    for line in lines:
        figures = (line[name] for name in COLUMNS)
        cells = ("" if each is None else f"{each['households']:,} / {each['persons']:,}" for each in figures)
        differs = line["difference"] is not None and any(line["difference"].values())
        table.add_row(_status(line["of"], line["status"], line["kind"]), *cells, style="bold red" if differs else "")
    return table


def _households(households: Sequence[Answer]) -> Table:
    table = Table(title=say("opening_households").line)
    for label in ("national_no", "division", "asserted", "held"):
        table.add_column(LABELS.field(label, "DifferingHouseholdAnswer").line, overflow="fold")
    for each in households:
        number = each["national_no"] or each["household_id"] or ""
        table.add_row(number, each["division"], _standing(each["asserted"]), _standing(each["held"]))
    return table


def _standing(standing: Answer | None) -> str:
    if standing is None:
        return "—"
    poverty = "" if standing["status"] is None else _status("poverty", standing["status"], None)
    monitored = standing["monitoring"]
    monitoring = "" if monitored is None else _status("monitoring", monitored, standing["monitoring_kind"])
    return " · ".join(filter(None, (poverty, monitoring, str(standing["persons"]))))


def _status(of: str, status: str, kind: str | None) -> str:
    label = LABELS.code(PovertyStatus(status) if of == "poverty" else MonitoringStatus(status)).line
    return label if kind is None else f"{label} {kind}"
