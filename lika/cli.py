"""``lika``: the one program."""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.publishing.catalogue import load
from contracts.roles import Role
from lika.access_page import access_page
from lika.data_folder import held_by_one_house
from lika.demo.client import OfficialsClient
from lika.demo.officials import AUDITOR
from lika.demo.session import CLOCK_START
from lika.demo.startup_message import startup_message
from lika.house import ACCESS, House, build, databases
from lika.http_server import Server
from lika.labels_page import labels_page
from lika.messages import say
from lika.operations.bootstrap import bootstrap
from lika.operations.doctor import doctor
from lika.operations.documents.cli import app as document_commands
from lika.operations.parked import parked
from lika.operations.rebuild import rebuild
from lika.publishing import publish
from lika.rulebook import rule_book
from lika.sign_in import PATH as SIGN_IN
from lika.simulation.cli import simulate
from services.audit.cli import app as audit_commands
from services.audit.printing import statement_table
from services.casework.exports.cli import export_list
from services.casework.request_cli import get, post, upload
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.refusals import RULES
from services.chassis.ground.security_log import open_security_log
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.kafka.broker import broker
from services.chassis.kafka.jars import BrokerUnavailable
from services.chassis.law.yaml_text import DocumentFileError
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.migrate import MigrationError
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from services.chassis.web.cli_client import Session, redeem
from services.registry.cli import app as registry_commands

app = typer.Typer(
    name="lika",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local variables, which may be somebody's name
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lika {version('lika')}")
        raise typer.Exit


@app.callback()
def lika(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="版本 / the version")
    ] = False,
) -> None:
    """立卡 Lika — 为任何一天、按任何一天所知，重建任何一户的历史和任何公布的数字。"""


app.add_typer(registry_commands, name="registry")
app.add_typer(audit_commands, name="audit")
app.command()(bootstrap)
app.add_typer(document_commands, name="documents")
app.command()(doctor)
app.command()(rebuild)
app.command()(parked)
app.command("export")(export_list)
app.command()(post)
app.command()(get)
app.command()(upload)
app.command()(simulate)
app.command()(publish)
console = Console(stderr=True)


@app.command()
def up(
    sample: Annotated[
        bool, typer.Option("--sample", help="空库时载入样例乡 / load the sample township into an empty house")
    ] = False,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="各服务经 Kafka 互读 / services read one another through Kafka")
    ] = False,
) -> None:
    """启动全部服务 / start all services on one port, and stay up until Ctrl-C.

    数据在 LIKA_DATA_DIR 所指文件夹（缺省 ./data），停止后仍在。
    The data are in the folder LIKA_DATA_DIR (./data by default), and stay when it stops.
    """
    # A service manager asks with SIGTERM; it is answered as Ctrl-C is.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A shell starts what a script puts in the background with SIGINT ignored; whoever sends one means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = Settings()
    configure_logging(settings.log_format, level=logging.getLevelNamesMapping()[settings.log_level])
    open_security_log(settings.security_log_file)
    used_broker = broker(settings) if kafka or settings.kafka else nullcontext(None)
    with held_by_one_house(settings.data_dir), databases(settings) as conninfo, used_broker as running_broker:
        bootstrap = None
        if running_broker is not None:
            bootstrap = running_broker.bootstrap
            console.print(f"Kafka: {running_broker.name}, {bootstrap}", highlight=False)
        house = build(settings, conninfo, CLOCK_START if sample else None, bootstrap)
        port = settings.port if port is None else port
        server = Server(house, settings.host, port, settings, settings.operations_port_beside(port))
        with server as url:
            example = tell_story("load", url, settings) if sample else None
            console.print(startup_message(url, _sign_in_link(house, url), example), highlight=False, soft_wrap=True)
            console.print(say("operations_here", url=server.operations_address).line, highlight=False, soft_wrap=True)
            try:
                server.wait()
            except KeyboardInterrupt:
                console.print(say("stopping").line)


def _sign_in_link(house: House, url: str) -> str:
    """Of the sample's auditor."""
    return f"{url}{SIGN_IN}/{house.links.issue(OfficialsClient(url, house.key).token(AUDITOR))}"


@app.command("sign-in")
def sign_in(link: Annotated[str, typer.Argument(metavar="LINK", help="一次性链接 / one-time link")]) -> None:
    """用一次性链接登录，此后的命令不必再给令牌 / Sign in with a one-time link."""
    url, between, _ = link.partition(f"{SIGN_IN}/")
    if not between:
        raise typer.BadParameter(say("no_sign_in_link").line)
    Session(url, redeem(link)).store()
    typer.echo(say("signed_in", url=url).line)


@app.command()
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 / print one JSON object")] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="数据保留在此空文件夹 / keep the data in this empty folder"),
    ] = None,
) -> None:
    """样例乡从头到尾走一遍 / Run the whole sample, on a temporary database unless it is kept."""
    configure_logging("json", level=logging.WARNING)
    with _demo_folder(keep) as folder:
        settings = Settings(data_dir=folder, database_url=None)
        with databases(settings) as conninfo:
            house = build(settings, conninfo, CLOCK_START)
            with Server(house, "127.0.0.1", 0) as url:
                told = tell_story("report", url, settings)
    if as_json:
        sys.stdout.write(told)
        return
    for statement in json.loads(told)["statements"]:
        Console().print(statement_table(statement))


@contextmanager
def _demo_folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise typer.BadParameter(say("folder_not_empty", folder=keep).line)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="lika-demo-") as folder:
        # The database's own account must be able to pass through; what is private inside has modes of its own.
        Path(folder).chmod(0o711)
        yield Path(folder)


def tell_story(what: str, url: str, settings: Settings) -> str:
    """Let the sample's officials act, from a process of their own: they are users, and share nothing with the house
    but its address and the key that signs their tokens."""
    told = subprocess.run(
        [sys.executable, "-m", "lika.demo", what, url, str(settings.keys_dir / SIGNING_KEY)],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise typer.Exit(told.returncode)
    return told.stdout


@app.command()
def token(
    subject: Annotated[str, typer.Argument(help="账号 / account")],
    role: Annotated[list[Role], typer.Option(help="岗位，可多次 / role, repeatable")],
    division: Annotated[str, typer.Option(help="区划前缀，空为全部 / division prefix, empty for everywhere")] = "",
    hours: Annotated[int, typer.Option(min=1, help="有效小时数 / hours it is valid")] = 8,
) -> None:
    """签发本地访问令牌 / issue a token signed with this installation's key."""
    settings = Settings()
    if hours > settings.token_max_hours:
        raise typer.BadParameter(say("token_lives_too_long", hours=settings.token_max_hours).line)
    try:
        signed = issue_token(
            LocalKey.of(settings), subject=subject, roles=role, division=division, ttl=timedelta(hours=hours),
            now=SystemClock().now(), issuer=settings.token_issuer, audience=settings.token_audience,
        )  # fmt: skip
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    typer.echo(signed)


@app.command("migrate")
def migrate_databases() -> None:
    """更新数据库结构 / bring every database up to date."""
    with databases(Settings()):
        console.print(say("databases_migrated").line)


@app.command()
def rules(
    book: Annotated[
        Path | None, typer.Argument(help="写入的文件，缺省输出到屏幕 / file to write, else printed")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="只核对文件是否最新 / only check that the file is current")
    ] = False,
) -> None:
    """规则手册：每条拒绝规则，以及谁可以做什么、各项名称 / The rule book, with its pages on access and labels.

    Every rule a command can be refused by; beside it access.md says who may do what, and labels.md what codes are called.
    """
    if book is None:
        sys.stdout.write(rule_book(RULES))
        return
    pages = {
        book: rule_book(RULES),
        book.with_name("access.md"): access_page(ACCESS),
        book.with_name("labels.md"): labels_page(LABELS, load()),
    }
    for page, text in pages.items():
        if not check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            console.print(say("rule_book_outdated", book=page).line)
            raise typer.Exit(1)


EXPECTED = (ExplainedError, BrokerUnavailable, DatabaseUnavailable, MigrationError, KeyFileExposed, DocumentFileError)
"""Failures whose message already says, in both languages, what to do; a stack would only hide it."""


def main() -> None:
    try:
        app()
    except EXPECTED as failure:
        console.print(f"[red]{failure}[/red]", highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
