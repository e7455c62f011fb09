"""``lika doctor``: checks an installation and says what to do. Changes nothing."""

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

from lika.databases import MIGRATIONS
from lika.messages import heading, say
from lika.operations.checks import run_checks
from lika.operations.finding import EXIT_CODES, Finding, State, broken
from lika.operations.installation import open_installation
from lika.wrong_settings import errors_of
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging

STYLES = {State.OK: "green", State.WARNING: "yellow", State.BROKEN: "bold red"}


def doctor(
    service: Annotated[
        str | None,
        typer.Argument(metavar="SERVICE", help="单独运行的服务 / the service apart whose settings these are"),
    ] = None,
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
    if service is not None and service not in MIGRATIONS:
        raise typer.BadParameter(say("no_such_service", service=service).line)
    findings = _findings(url, thorough, service)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        console.print(_table(findings))
        console.print(_summary(findings), markup=False)
    raise typer.Exit(max(EXIT_CODES[finding.state] for finding in findings))


def _findings(url: str | None, thorough: bool, service: str | None) -> list[Finding]:
    try:
        settings = Settings()
    except ValidationError as error:
        return [_setting_invalid(error)]
    with open_installation(settings, url, thorough=thorough, service=service) as installation:
        return list(run_checks(installation))


def _setting_invalid(error: ValidationError) -> Finding:
    return broken("settings", "setting_invalid", errors=errors_of(error))


def _table(findings: Iterable[Finding]) -> Table:
    """One row each, the worst last, where a terminal shows it; what to do stands below what was found."""
    table = Table(title=heading("doctor_report"), show_lines=False)
    table.add_column(heading("state"), no_wrap=True)
    table.add_column(heading("check"), overflow="fold")
    table.add_column(heading("found_and_remedy"), overflow="fold")
    labels = _labels()
    for finding in sorted(findings, key=lambda f: EXIT_CODES[f.state]):
        text = Text(f"{finding.zh} · {finding.en}")
        if finding.remedy_zh:
            text = Text(f"{finding.zh}\n{finding.en}")
            text.append(f"\n→ {finding.remedy_zh}\n→ {finding.remedy_en}", style="bold")
        table.add_row(Text(labels[finding.state], style=STYLES[finding.state]), Text(finding.name), text)
    return table


def _summary(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.state for finding in findings)
    return " · ".join(f"{label} {counts[state]}" for state, label in _labels().items())


def _labels() -> dict[State, str]:
    return {
        State.OK: heading("state_ok"),
        State.WARNING: heading("state_warning"),
        State.BROKEN: heading("state_broken"),
    }
