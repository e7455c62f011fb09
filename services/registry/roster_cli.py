"""``lika registry roster``: a school's pupils as a workbook, over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from services.chassis.web.cli_client import AsJson, Token, Url
from services.registry.messages import say
from services.registry.workbook_cli import Again, DryRun, Workbooks, import_files, save_template

roster = typer.Typer(name="roster", no_args_is_help=True, help="学生花名册 / rosters of pupils")


@roster.command("import")
def import_roster(
    files: Workbooks, dry_run: DryRun = False, again: Again = False, as_json: AsJson = False, url: Url = "",
    token: Token = "",
) -> None:  # fmt: skip
    """导入学生花名册 / Import rosters of pupils; sent again, they resume.

    每名学生一行；有错误的文件旁另存批注工作簿。
    A row is a pupil; beside a file with errors an annotated copy is saved.
    """
    import_files(
        "/registry/rosters/workbooks", files, {"subjects_seen": say("pupils")}, dry_run, again, as_json, url, token
    )


@roster.command("template")
def roster_template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = "",
    token: Token = "",
) -> None:
    """保存空白学生花名册 / Save the empty roster."""
    save_template("/registry/rosters/template", file, url, token)
