"""``lika audit``: histories and statements on the command line, queried over HTTP."""

import json
from typing import Annotated, Any, NoReturn
from uuid import UUID

import httpx
import typer
from rich.console import Console, RenderableType

from services.audit.messages import say
from services.audit.printing import (
    history_heading,
    history_table,
    provenance_lines,
    statement_table,
    undecoded_lines,
)

app = typer.Typer(
    name="audit",
    no_args_is_help=True,
    help="审计：农户历史与动态统计表 / histories and statements from the independent copy",
)

Url = Annotated[str, typer.Option("--url", envvar="LIKA_URL", help="系统地址 / where Lika is")]
Token = Annotated[str, typer.Option("--token", envvar="LIKA_TOKEN", help="访问令牌 / bearer token (lika token)")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="T", help="按当时所知，缺省为今天 / as known then, today by default")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]

DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT_SECONDS = 30.0


def connect(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)


@app.command()
def household(
    household_id: Annotated[UUID, typer.Argument(metavar="ID", help="户标识 / household id")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="真实日期 / true by that day")] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """一户的全部历史 / Everything on record about one household, across services."""
    answer = _get(url, token, f"/audit/households/{household_id}/history", as_of=as_of, known_at=known_at)
    if as_json:
        _print_json(answer)
    else:
        _print_all(*history_heading(answer), history_table(answer), *undecoded_lines(answer), *provenance_lines(answer))


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
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """动态统计表 / How the stock went from opening to closing, in households and in persons."""
    parameters = {"division": division, "from": first, "to": last, "known_at": known_at}
    answer = _get(url, token, "/audit/statements", **parameters)
    if as_json:
        _print_json(answer)
    else:
        _print_all(statement_table(answer), *provenance_lines(answer))


def _get(url: str, token: str, path: str, **parameters: Any) -> dict[str, Any]:
    """The answer's JSON. A problem ends the command with its two messages and exit code 1."""
    try:
        with connect(url, token) as client:
            answer = client.get(path, params={name: value for name, value in parameters.items() if value is not None})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _fail(str(say("unreachable", url=url, error=type(error).__name__)))
    try:
        body: dict[str, Any] = answer.json()
    except ValueError:
        _fail(str(say("not_an_answer", url=url, status=answer.status_code)))
    if not answer.is_success:
        _fail("\n".join(str(body[part]) for part in ("title", "title_en") if part in body) or str(answer.status_code))
    return body


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _print_all(*parts: RenderableType) -> None:
    console = Console(highlight=False)
    for part in parts:
        console.print(part, markup=False)
