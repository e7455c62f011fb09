"""``lika registry``: the template of the collection form and filled-in workbooks, over HTTP; the staff directory of
``staff_cli``, lists of divisions of ``division_cli``, rosters of pupils of ``roster_cli``, the national layout and
comparisons of ``national_cli``, the cutover of ``opening_balance_cli``, and the commands of ``household_cli``."""

from pathlib import Path
from typing import Annotated

import typer

from services.chassis.web.cli_client import AsJson, Token, Url
from services.registry.correction_cli import consequences
from services.registry.disclosure_cli import disclose
from services.registry.division_cli import divisions
from services.registry.household_cli import declare, find, list_households, open_case, record, take_step
from services.registry.messages import say
from services.registry.national_cli import national, reconciliations
from services.registry.opening_balance_cli import opening
from services.registry.roster_cli import roster
from services.registry.staff_cli import staff
from services.registry.workbook_cli import Again, DryRun, Workbooks, import_files, save_template

app = typer.Typer(
    name="registry",
    no_args_is_help=True,
    help="登记：区划、农户、案件、采集表 / the register: divisions, households, cases, forms",
)

app.add_typer(staff)
app.add_typer(divisions)
app.add_typer(roster)
app.add_typer(national)
app.add_typer(reconciliations)
app.add_typer(opening)
app.command()(declare)
app.command()(record)
app.command("open")(open_case)
app.command("step")(take_step)
app.command("list")(list_households)
app.command()(find)
app.command()(disclose)
app.command()(consequences)


@app.command("import")
def import_workbooks(
    files: Workbooks, dry_run: DryRun = False, again: Again = False, as_json: AsJson = False, url: Url = "",
    token: Token = "",
) -> None:  # fmt: skip
    """导入工作簿 / Import workbooks; sent again, a file is resumed.

    每户或全部导入，或全不导入；有错误的文件旁另存批注工作簿。
    Each household is imported wholly or not at all; beside a file with errors an annotated copy is saved.
    """
    seen = {"households_seen": say("households"), "members_seen": say("members")}
    import_files("/registry/intake/workbooks", files, seen, dry_run, again, as_json, url, token)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = "",
    token: Token = "",
) -> None:
    """保存空白采集表 / Save the empty collection form."""
    save_template("/registry/intake/template", file, url, token)
