"""``lika doctor``: looks at everything a house stands on, and says what to do. Changes nothing."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lika.operations.checks import examine
from lika.operations.finding import EXIT_CODES, Finding, State, broken
from lika.operations.installation import premises
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging

LABELS = {State.OK: "正常 ok", State.WARNING: "警告 warning", State.BROKEN: "故障 broken"}
STYLES = {State.OK: "green", State.WARNING: "yellow", State.BROKEN: "bold red"}


def doctor(
    url: Annotated[
        str | None, typer.Option("--url", envvar="LIKA_URL", help="运行中的系统地址 / where Lika should be running")
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="逐一清点，不抽查 / count every entry instead of samples")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """检查并给出办法，不作任何改动 / Look at everything, say what to do, change nothing.

    退出码：0 正常，1 有警告，2 有故障。Exit code: 0 all well, 1 warnings, 2 something is broken.
    """
    # Its findings are what it has to say: log lines of the parts that it touches would only repeat them.
    configure_logging("json", level=logging.CRITICAL)
    found = _look(url, thorough)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        console.print(_table(found))
        console.print(_summary(found), markup=False)
    raise typer.Exit(max(EXIT_CODES[finding.state] for finding in found))


def _look(url: str | None, thorough: bool) -> list[Finding]:
    try:
        settings = Settings()
    except ValidationError as wrong:
        return [_wrong_setting(wrong)]
    with premises(settings, url, thorough=thorough) as house:
        return list(examine(house))


def _wrong_setting(wrong: ValidationError) -> Finding:
    # Names and the rule that is broken: what was typed may be a password.
    listed = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors(include_input=False))
    return broken(
        "settings", f"设置有误：{listed}", f"a setting is wrong: {listed}",
        "请改正相应的环境变量 LIKA_*（或 DATABASE_URL）", "correct that environment variable, LIKA_* or DATABASE_URL",
    )  # fmt: skip


def _table(found: Iterable[Finding]) -> Table:
    """One row each, the worst last, where a terminal shows it; what to do stands below what was found."""
    table = Table(title="立卡体检 Lika doctor", show_lines=False)
    table.add_column("状态 state", no_wrap=True)
    table.add_column("项目 check", overflow="fold")
    table.add_column("发现与办法 what was found, what to do", overflow="fold")
    for finding in sorted(found, key=lambda f: EXIT_CODES[f.state]):
        said = Text(f"{finding.zh} · {finding.en}")
        if finding.remedy_zh:
            said = Text(f"{finding.zh}\n{finding.en}")
            said.append(f"\n→ {finding.remedy_zh}\n→ {finding.remedy_en}", style="bold")
        table.add_row(Text(LABELS[finding.state], style=STYLES[finding.state]), Text(finding.name), said)
    return table


def _summary(found: Iterable[Finding]) -> str:
    counts = Counter(finding.state for finding in found)
    return " · ".join(f"{LABELS[state]} {counts[state]}" for state in State)
