"""``lika registry staff``: who holds which post, and a county's staff as a workbook, over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.registry.token_revocations import RevocationReason
from services.casework.exports.cli import Export, save
from services.chassis.web.cli_client import AsJson, Token, Url, asking, print_all, print_json
from services.registry.messages import say
from services.registry.printing import posts_table
from services.registry.workbook_cli import Again, DryRun, Workbooks, import_files, save_template

staff = typer.Typer(name="staff", no_args_is_help=True, help="人员名册 / the staff directory")


POSTS = "/registry/staff/posts"


@staff.command("list")
def list_staff(
    division: Annotated[str, typer.Option(help="区划代码，缺省为本人辖区 / division, else your area")] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / held on that day")] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="按该日所知 / as known at the end of that day")
    ] = None,
    export: Export = None,
    as_json: AsJson = False,
    url: Url = "",
    token: Token = "",
) -> None:
    """某日在任的岗位 / Who holds which post, on any day as known on any other. Names are masked."""
    with asking(url, token) as house:
        asked = {"division": division, "as_of": as_of, "known_at": known_at}
        if export is not None:
            save(house, POSTS, export, **asked)
            return
        held = house.get_all(POSTS, **asked, limit=200)
    if as_json:
        print_json(held)
    else:
        print_all(posts_table(held))


@staff.command("import")
def import_staff(
    files: Workbooks, dry_run: DryRun = False, again: Again = False, as_json: AsJson = False, url: Url = "",
    token: Token = "",
) -> None:  # fmt: skip
    """导入人员名册；再次发送从中断处继续 / Import staff lists; a file sent again resumes an interrupted import.

    每人或全部导入，或全不导入；有错误的文件旁另存批注工作簿。
    Each member is imported wholly or not at all; beside a file with errors an annotated copy is saved.
    """
    seen = {"subjects_seen": say("staff_and_delegations"), "rows_seen": say("rows")}
    import_files("/registry/staff/workbooks", files, seen, dry_run, again, as_json, url, token)


@staff.command("revoke")
def revoke_tokens(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="账号 / account")],
    reason: Annotated[RevocationReason, typer.Option(help="原因 / why")],
    url: Url = "",
    token: Token = "",
) -> None:
    """吊销账号此前的全部令牌 / Make every token void that was issued to an account up to now."""
    with asking(url, token) as house:
        house.post("/registry/token-revocations", {"account": account, "reason": reason})
    typer.echo(say("tokens_revoked", account=account).line)


@staff.command("template")
def staff_template(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="存为 / where to save it (.xlsx)")],
    url: Url = "",
    token: Token = "",
) -> None:
    """保存空白人员名册 / Save the empty staff list."""
    save_template("/registry/staff/template", file, url, token)
