"""``lika registry disclose``: personal fields of households in plain, for a stated purpose, to the terminal of whoever asks."""

from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.registry.access import MatterKind, Purpose
from services.casework.household_numbers import household_named
from services.chassis.ground.labels import LABELS
from services.chassis.web.cli_client import AsJson, Token, Url, asking, print_all, print_json


def disclose(
    households: Annotated[
        list[str], typer.Argument(metavar="户编号…", help="户编号或户标识，至多 200 户 / at most 200")
    ],
    purpose: Annotated[Purpose, typer.Option("--for", help="目的 / purpose")],
    fields: Annotated[
        list[str], typer.Option("--field", metavar="FIELD", help="字段，可多次，如 name / a field, repeatable")
    ],
    matters: Annotated[
        list[str] | None,
        typer.Option("--matter", metavar="KIND:ID", help="在办事项，可多次 / case, finding, import_batch or entry"),
    ] = None,
    order: Annotated[
        tuple[str, str],
        typer.Option("--order", metavar="ORGAN NO", help="所据文件的机关和文号 / the paper that it rests on"),
    ] = ("", ""),
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """按目的查看个人信息，先记录后显示 / Read personal fields in plain; it is recorded first."""
    body: dict[str, Any] = {"purpose": purpose, "fields": fields, "matters": [_matter(each) for each in matters or ()]}
    if any(order):
        body["order"] = {"organ": order[0], "document_no": order[1]}
    with asking(url, token) as house:
        body["household_ids"] = [household_named(house, each) for each in households]
        found = house.post("/registry/disclosures", body)["households"]
    if as_json:
        print_json(found)
    else:
        print_all(_table(found, fields))


def _matter(text: str) -> dict[str, str]:
    kind, between, matter_id = text.partition(":")
    if not between or kind not in list(MatterKind):
        raise typer.BadParameter(" ".join(f"{each}:ID" for each in MatterKind))
    return {"kind": kind, "id": matter_id}


def _table(found: list[dict[str, Any]], fields: list[str]) -> Table:
    """A line for the household and one for each member."""
    table = Table()
    for name in ("national_no", *fields):
        table.add_column(LABELS.fields[name].line if name in LABELS.fields else name, overflow="fold")
    for each in found:
        number = each["national_no"] or each["household_id"]
        for values in (each["household"], *each["members"].values()):
            if values:
                table.add_row(number, *(values.get(name, "") for name in fields))
    return table
