"""An installation that enforces its staff directory, from the first operator on."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from contracts.roles import Role
from lika.house import BUILDS, House
from lika.operations.bootstrap import bootstrap
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import issue_token
from tests.support.doctor import findings_of, run_doctor, running_house

HIRED, COUNTY, VILLAGE, NAME = "2014-01-01", "990001", "990001101201", "钱某某"
LISTS = ("/registry/households", "/assistance/duties", "/monitoring/targets", "/audit/stock?as_of=2014-01-01")
app = typer.Typer()
app.command()(bootstrap)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Short, for sockets; whoever the database runs as must be able to pass through."""
    made = Path(tempfile.mkdtemp(prefix="lika-bootstrap-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[tuple[House, str]]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIKA_DIRECTORY", "enforced")
        with running_house(folder) as running:
            yield running


@pytest.fixture
def ask(house: tuple[House, str]) -> Callable[..., httpx.Response]:
    """``ask(account, area, role, path, body)``: a read, or a command where there is a body."""
    of, url = house

    def send(account: str, area: str, role: Role, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        token = issue_token(
            of.key, subject=account, roles=[role], division=area, ttl=timedelta(hours=1), now=SystemClock().now()
        )
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        if body is None:
            return httpx.get(f"{url}{path}", headers=headers)
        answer = httpx.post(f"{url}{path}", json=body, headers=headers)
        if answer.is_success:
            registry = f"registry={answer.json()['position']['registry']}"
            httpx.get(f"{url}/registry/staff/comparison", headers={**headers, "Lika-Position": registry})
        return answer

    return send


def run(folder: Path, *words: str) -> Result:
    environment = {
        "LIKA_DATA_DIR": str(folder), "DATABASE_URL": None, "LIKA_DIRECTORY": "enforced",
    }  # fmt: skip
    return CliRunner().invoke(app, list(words), env=environment)


def code_of(answer: httpx.Response) -> str | None:
    return None if answer.is_success else str(answer.json()["code"])


@pytest.mark.slow
def test_the_first_operator_is_entered_from_the_machine_and_enters_the_others(
    folder: Path, ask: Callable[..., httpx.Response]
) -> None:
    divisions = "/registry/divisions"
    assert code_of(ask("root", "", Role.OPERATOR, divisions)) == "no_post_held"
    findings = findings_of(run_doctor(folder, "--json", LIKA_DIRECTORY="enforced"))
    assert (findings["registry.staff"]["state"], findings["registry.staff"]["code"]) == ("broken", "directory_empty")
    assert "lika bootstrap" in findings["registry.staff"]["remedy_en"]

    assert run(folder, "timer", "--name", NAME, "--province", "99").exit_code == 1
    assert run(folder, "first-op", "--name", NAME, "--province", "990").exit_code == 2
    entered = run(folder, "First-Op", "--name", NAME, "--province", "99")
    assert entered.exit_code == 0, entered.output
    again = run(folder, "second-op", "--name", NAME, "--province", "99")
    assert again.exit_code == 1
    assert "an operator of the province is in post" in again.stderr.lower()

    assert ask("first-op", "99", Role.OPERATOR, divisions).status_code == 200
    assert code_of(ask("first-op", "", Role.AUDITOR, "/registry/log/head")) == "post_does_not_cover"
    for code, level in ((COUNTY, "county"), (VILLAGE, "village")):
        body = {"code": code, "level": level, "name": "某地", "effective_on": HIRED}
        assert ask("first-op", "", Role.OPERATOR, divisions, body).status_code == 201

    person = {"name": NAME, "accounts": ["cadre-7"], "effective_on": HIRED}
    post = {
        "role": "cadre", "title": "驻村工作队长", "division": VILLAGE, "appointment": "seconded", "effective_on": HIRED,
    }  # fmt: skip
    member = ask("first-op", "", Role.OPERATOR, "/registry/staff", person).headers["Location"]
    assert ask("first-op", "", Role.OPERATOR, f"{member}/posts", post).status_code == 201
    # In every service of the house, and no further than the post reaches.
    assert {path.split("/")[1] for path in LISTS} == {*BUILDS}
    for path in LISTS:
        assert ask("CADRE-7", VILLAGE, Role.CADRE, path).status_code == 200, path
        assert code_of(ask("cadre-7", VILLAGE[:9], Role.CADRE, path)) == "post_does_not_cover"
        assert code_of(ask("cadre-8", VILLAGE, Role.CADRE, path)) == "no_post_held"

    person = {"name": NAME, "accounts": ["cadre-9"], "effective_on": HIRED}
    former = ask("first-op", "", Role.OPERATOR, "/registry/staff", person).headers["Location"]
    over = {**post, "title": "村支书", "term_ends": "2016-12-31"}
    assert ask("first-op", "", Role.OPERATOR, f"{former}/posts", over).status_code == 201
    assert code_of(ask("cadre-9", VILLAGE, Role.CADRE, LISTS[0])) == "no_post_held"

    findings = findings_of(run_doctor(folder, "--json", LIKA_DIRECTORY="enforced"))
    assert (findings["registry.staff"]["state"], findings["registry.staff"]["code"]) == ("ok", "accounts_known")
