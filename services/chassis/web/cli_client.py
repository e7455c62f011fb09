"""Commands that ask a running house over HTTP: where it is, as whom, and what to say when it refuses or does not answer."""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn
from uuid import uuid4

import httpx
import msgspec
import typer
from rich.console import Console, RenderableType

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import CHASSIS
from services.chassis.web.idempotency_keys import KEY_HEADER
from services.chassis.web.next_step_answers import NextStepAnswer
from services.chassis.web.position_tokens import HEADER, format_positions

Url = Annotated[str, typer.Option("--url", envvar="LIKA_URL", help="系统地址 / where Lika is", show_default=False)]
Token = Annotated[str, typer.Option("--token", envvar="LIKA_TOKEN", help="访问令牌 / bearer token", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]

DEFAULT_URL = "http://127.0.0.1:8000"
READ_SECONDS = 30.0
STORED = "session.json"


class Session(msgspec.Struct, frozen=True):
    """What ``lika sign-in`` keeps in the account's own folder (0600). The token is sent to this address only."""

    url: str
    token: str

    @staticmethod
    def path() -> Path:
        return Path(typer.get_app_dir("lika")) / STORED

    @classmethod
    def stored(cls) -> "Session | None":
        try:
            return msgspec.json.decode(cls.path().read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None

    def store(self) -> None:
        path = self.path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(self))


def connect(url: str, token: str, read_seconds: float = READ_SECONDS) -> httpx.Client:
    """As named; else as signed in; else on this machine. Ends the command where no token is known."""
    session = Session.stored()
    url = url or (session.url if session else DEFAULT_URL)
    if not token and session and session.url == url:
        token = session.token
    if not token:
        fail(str(CHASSIS.say("no_token")))
    timeout = httpx.Timeout(READ_SECONDS, read=read_seconds)
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=timeout)


@dataclass(frozen=True)
class House:
    """Each answer is its JSON; a problem, or no answer, ends the command with exit code 1. A read waits for what this command
    wrote."""

    client: httpx.Client
    written: dict[str, int]

    def get(self, path: str, **parameters: Any) -> Any:
        asked = {name: value for name, value in parameters.items() if value not in (None, "")}
        headers = {HEADER: format_positions(self.written)} if self.written else {}
        return self.send("GET", path, params=asked, headers=headers).json()

    def get_all(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """The items of every page of a list."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.get(path, **parameters, cursor=cursor)
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items

    def post(self, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """A command."""
        answer: dict[str, Any] = self.send("POST", path, json=body, headers={KEY_HEADER: str(uuid4())}).json()
        self.written.update(answer.get("position", {}))
        for warning in answer.get("warnings", ()):
            typer.echo(CHASSIS.say("accepted_with_warning", warning=Label(warning["zh"], warning["en"])).line, err=True)
        return answer

    def send(
        self, method: str, path: str, *, accepting: Collection[int] = (), then: str = "", **request: Any
    ) -> httpx.Response:
        """Any request. ``accepting``: statuses that are no success and are for the caller to tell; ``then``: what to do when it
        was not answered."""
        try:
            response = self.client.request(method, path, **request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = CHASSIS.say("house_unreachable", url=self.client.base_url, error=type(error).__name__)
            fail(f"{why}\n{then}".rstrip())
        if not response.is_success and response.status_code not in accepting:
            fail(reason(response))
        return response


def redeem(link: str) -> str:
    """The token behind a one-time link. Ends the command where it was used before."""
    with httpx.Client(headers={"Accept": "application/json"}, timeout=READ_SECONDS) as client:
        token: str = House(client, {}).send("POST", link).json()["token"]
    return token


@contextmanager
def asking(url: str, token: str, read_seconds: float = READ_SECONDS) -> Iterator[House]:
    with connect(url, token, read_seconds) as client:
        yield House(client, {})


def reason(response: httpx.Response) -> str:
    """Why there is no answer: the problem in both languages with its figures, each error of the request, what to do next, and
    the code."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, Mapping) or "title" not in problem:
        return str(CHASSIS.say("not_an_answer", url=response.url.host, status=response.status_code))
    lines = [str(problem["detail"]), *(_error_line(error) for error in problem.get("errors", ()))]
    lines += [_next_line(NextStepAnswer.model_validate(step)) for step in problem.get("next", ())]
    return "\n".join([*lines, f"({problem['code']})"])


def _next_line(step: NextStepAnswer) -> str:
    """Both languages, and the command that sends the request (its form goes into a file)."""
    office = step.office
    roles, levels = _either(office.roles), _either(office.levels, zh="级")
    if not office.roles:
        who = CHASSIS.say("next_office_anybody")
    elif not office.levels:
        who = CHASSIS.say("next_office_of_any_level", roles=roles)
    else:
        who = CHASSIS.say("next_office", levels=levels, roles=roles)
    if office.division is not None:
        who = CHASSIS.say("next_office_whose_area_covers", who=who, division=office.division)
    if office.another_person:
        who = CHASSIS.say("next_another_person", who=who)
    told = CHASSIS.say("next_act", act=Label(step.zh, step.en), who=who)
    if step.first_day is not None:
        told = CHASSIS.say("next_from_day", step=told, day=step.first_day.isoformat())
    if step.method == "GET":
        form = "".join(f" --with {name}={value}" for name, value in step.form.items())
    else:
        form = f" {json.dumps(step.form, ensure_ascii=False)}" if step.form else ""
    return f"→ {told.line} [lika {step.method.lower()} {step.path}{form}]"


def _either(codes: Iterable[Role | Level], zh: str = "") -> Label:
    """``zh``: what stands behind each in Chinese."""
    labels = [LABELS.code(code) for code in codes]
    return Label("或".join(f"{label.zh}{zh}" for label in labels), " or ".join(label.en for label in labels))


def _error_line(error: Mapping[str, Any]) -> str:
    """Where, what, and what the schema or the nearest name says about it."""
    where = error.get("pointer") or error.get("parameter") or ""
    about = {"name": error.get("name"), "nearest": error.get("nearest"), **error.get("limits", {})}
    more = ", ".join(f"{name}: {value}" for name, value in about.items() if value is not None)
    return f"  {where}: {error['title']} {error['title_en']}" + (f" ({more})" if more else "")


def fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def print_json(answer: Any) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def print_all(*parts: RenderableType) -> None:
    """What people typed is never taken for markup."""
    console = Console(highlight=False)
    for part in parts:
        console.print(part, markup=False)
