"""``lika demo``: the sample's whole history."""

import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lika.databases import databases
from lika.demo.client import ServiceAddresses
from lika.demo.clock import CLOCK_START
from lika.demo.messages import say
from lika.demo.telling import tell_story
from lika.house import build
from lika.http_server import Server
from services.audit.printing import statement_table
from services.audit.statements.domain import StockOf
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 / print one JSON object")] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="数据保留在此空文件夹 / keep the data in this empty folder"),
    ] = None,
    monitoring: Annotated[
        bool,
        typer.Option("--monitoring", help="讲到 2023 年的监测帮扶 / go on to 2023 and its monitored households"),
    ] = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="ADDRESSES", help="各服务地址，同 LIKA_PEERS / like LIKA_PEERS"),
    ] = None,
) -> None:
    """样例乡从头到尾走一遍 / Run the whole sample, on a temporary database unless it is kept.

    --at：讲给分开运行的各服务（lika serve 服务 --sample），其日志须为空；LIKA_DATA_DIR 中须有人员令牌的签名私钥。
    --at: tell it to services that run apart (lika serve SERVICE --sample) with empty logs; LIKA_DATA_DIR has the key
    that signs the officials' tokens.
    """
    configure_logging("json", level=logging.WARNING)
    what = "monitoring" if monitoring else "report"
    told = _told_at(at, what) if at is not None else _told_here(keep, what)
    if as_json:
        sys.stdout.write(told)
        return
    for statement in json.loads(told)["statements"]:
        Console().print(statement_table(statement, StockOf.MONITORING if monitoring else StockOf.POVERTY))


def _told_at(addresses: str, what: str) -> str:
    try:
        ServiceAddresses(addresses)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from wrong
    return tell_story(what, addresses, Settings())


def _told_here(keep: Path | None, what: str) -> str:
    with _demo_folder(keep) as folder:
        settings = Settings(data_dir=folder, database_url=None)
        with databases(settings) as conninfo:
            house = build(settings, conninfo, CLOCK_START)
            with Server(house, "127.0.0.1", 0) as url:
                return tell_story(what, url, settings)


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
