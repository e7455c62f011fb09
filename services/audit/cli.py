"""``lika audit``: histories and statements on the command line, queried over HTTP."""

from typing import Annotated

import typer

from services.audit.printing import (
    history_heading,
    history_table,
    openings_table,
    origin_lines,
    provenance_lines,
    readings_table,
    statement_table,
    undecoded_lines,
)
from services.casework.exports.cli import Export, save
from services.casework.household_numbers import household_named
from services.chassis.web.cli_client import AsJson, Token, Url, asking, print_all, print_json

app = typer.Typer(
    name="audit",
    no_args_is_help=True,
    help="审计：农户历史与动态统计表 / histories and statements from the independent copy",
)

KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="按当时所知，缺省为今天 / as known then, today by default")
]


@app.command("household")
def show_household(
    household: Annotated[str, typer.Argument(metavar="户编号|ID", help="户编号或户标识 / household number or id")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / true by that day")] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """一户的全部历史 / Everything on record about a household, in all services."""
    with asking(url, token) as house:
        household_id = household_named(house, household)
        answer = house.get(f"/audit/households/{household_id}/history", as_of=as_of, known_at=known_at)
    if as_json:
        print_json(answer)
    else:
        print_all(*history_heading(answer), *origin_lines(answer), history_table(answer))
        print_all(*undecoded_lines(answer), *provenance_lines(answer))


@app.command()
def readings(
    household: Annotated[
        str | None, typer.Argument(metavar="[户编号|ID]", help="户编号或户标识 / household number or id")
    ] = None,
    division: Annotated[
        str | None, typer.Option("--division", metavar="D", help="查阅人所在区划（审计）/ of the readers, for auditors")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="D", help="自该日起 / from this day on")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help="至该日 / up to this day")] = None,
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """何人查阅过个人信息：一户的、某区划的，或本人的 / Who read personal data: a household's, a division's, or oneself."""
    with asking(url, token) as house:
        path = "/audit/readings/own" if division is None else "/audit/readings"
        if household is not None:
            path = f"/audit/households/{household_named(house, household)}/readings"
        asked = {"division": division if household is None else None, "since": since, "until": until}
        if export is not None:
            save(house, path, export, **asked)
            return
        found = house.get_all(path, **asked, limit=200)
    if as_json:
        print_json(found)
    else:
        print_all(readings_table(found))


@app.command()
def statement(
    first: Annotated[int, typer.Option("--from", metavar="Y", help="首个年度 / first year")],
    last: Annotated[int, typer.Option("--to", metavar="Y", help="末个年度 / last year")],
    division: Annotated[
        str | None,
        typer.Option("--division", metavar="D", help="区划代码，缺省为本人辖区 / division, your area by default"),
    ] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """动态统计表 / How the stock went from opening to closing, in households and in persons."""
    parameters = {"division": division, "from": first, "to": last, "known_at": known_at}
    with asking(url, token) as house:
        answer = house.get("/audit/statements", **parameters)
    if as_json:
        print_json(answer)
    else:
        print_all(statement_table(answer), *openings_table(answer), *provenance_lines(answer))
