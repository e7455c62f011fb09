"""A dry run of every command of every service: it agrees with the command, and leaves nothing behind."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from contracts.roles import Role
from services.chassis.log.session import APPEND_LOCK
from services.console.forms import published
from tests.contracts.seeded_county import SeededCounty, seeded_county
from tests.contracts.valid_requests import NOT_TAKEN, MakeRequest, ValidRequest
from tests.contracts.valid_requests_assistance import ASSISTANCE
from tests.contracts.valid_requests_monitoring import MONITORING
from tests.contracts.valid_requests_registry import REGISTRY
from tests.support.long_run import LONG

EVERY = 1 if LONG else 5
"""So many-th command is tried out."""
SERVICES: Mapping[str, Mapping[str, MakeRequest]] = {
    "assistance": ASSISTANCE, "monitoring": MONITORING, "registry": REGISTRY,
}  # fmt: skip
NAMES_PERSONS = {
    "record_household", "record_clue_household", "correct_recording", "join_member", "import_workbook", "report_birth", "record_document",
    "import_roster", "reconcile_register",
}  # fmt: skip
"""Operations whose dry runs are recorded."""

OWN_ANSWERS = {
    "import_workbook",
    "import_roster",
    "import_staff_list",
    "import_bank_statement",
    "import_quantity_list",
    "take_step_in_batch",
    "propose_all",
    "reconcile_register",
    "import_payment_results",
    "import_course_roster",
}
"""Operations of many units of work, whose dry runs are answered as they are themselves."""

DRAW_IDS = {"upload_evidence"}
"""Operations of which each attempt draws an id of its own: their dry runs name none."""

TABLES = ("claims", "exclusive_periods", "timers", "commands")
KEPT = " UNION ALL ".join(
    f"SELECT '{t}', count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {t} AS t" for t in TABLES
)
LOGGED = (
    "SELECT split_part(topic, '/', 1), (convert_from(state, 'UTF8')::json ->> 'effective_on'), command_id FROM log"
    " WHERE notification_id > %s ORDER BY notification_id"
)


class Databases:
    """Looks into the services' databases, past the services."""

    def __init__(self, fresh: Callable[[str], str]) -> None:
        self._fresh, self.conninfos = fresh, dict[str, str]()
        self._connections: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}

    def __call__(self, name: str) -> str:
        return self.conninfos.setdefault(name, self._fresh(name))

    def rows(self, name: str, query: str, *params: object) -> list[tuple[Any, ...]]:
        if name not in self._connections:
            self._connections[name] = psycopg.connect(self.conninfos[name], autocommit=True)
        return self._connections[name].execute(query.encode(), params).fetchall()

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()

    def head(self, name: str) -> int:
        return int(self.rows(name, "SELECT max(notification_id) FROM log")[0][0])

    def kept(self, name: str) -> list[tuple[Any, ...]]:
        """Everything that a command could leave behind, but for the log and the views that follow it."""
        return [*self.rows(name, KEPT), *self.rows("vault", "SELECT 'keys', count(*), '' FROM data_keys")]


@dataclass(frozen=True)
class Running:
    county: SeededCounty
    databases: Databases


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        closing(Databases(module_database)) as databases,
        seeded_county(databases, tmp_path_factory.mktemp("lika")) as county,
    ):
        yield Running(county, databases)


def commands_of(county: SeededCounty, service: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Operation → path and description, of every operation that takes an Idempotency-Key."""
    paths = county.client.get(f"/{service}/openapi.json").json()["paths"]
    return {
        operation["operationId"]: (path, operation)
        for path, methods in paths.items()
        for operation in methods.values()
        if any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
    }


def send(service: str, path: str, valid: ValidRequest, key: str, *, dry_run: bool) -> httpx.Response:
    target = f"/{service}{path.format(**valid.path)}"
    params = {**valid.query, **({"dry_run": True} if dry_run else {})}
    if isinstance(valid.body, bytes):
        return valid.client.post(target, key=key, params=params, content=valid.body)
    if valid.media_type.startswith("multipart/"):
        fields = dict(valid.body)
        return valid.client.post(target, key=key, params=params, files={"file": fields.pop("file")}, data=fields)
    return valid.client.post(target, valid.body, key=key, params=params)


@pytest.mark.parametrize("service", SERVICES)
def test_every_command_can_be_tried_out_and_then_does_what_was_said(service: str, running: Running) -> None:
    county, databases = running.county, running.databases
    found = commands_of(county, service)
    assert len(found) == sum(name in found for name in SERVICES[service]) > 5
    for number, (operation, (path, described)) in enumerate(found.items()):
        assert {"dry_run", "Lika-Based-On"} <= {p["name"] for p in described["parameters"]}, operation
        if number % EVERY:
            continue
        valid, key = SERVICES[service][operation](county), str(uuid4())
        county.wait_for_services()
        head, kept = databases.head(service), databases.kept(service)

        dry = send(service, path, valid, key, dry_run=True)
        assert dry.status_code == 200, (operation, dry.text)
        traces = [row[0] for row in databases.rows(service, LOGGED, head)]
        assert traces == ["DryRunMade"] * (operation in NAMES_PERSONS), operation
        assert databases.kept(service) == kept, operation
        assert "王某" not in dry.text

        real = send(service, path, valid, key, dry_run=False)
        if operation in NOT_TAKEN.get(service, ()):
            assert dry.json()["refused"]
            refused_alike(operation, dry, real)
            continue
        assert real.status_code == 201, (operation, real.text)
        if operation not in OWN_ANSWERS:
            agree(operation, dry, real, databases.rows(service, LOGGED, head + len(traces)))
            assert send(service, path, valid, key, dry_run=True).json()["replayed"]
        again = str(uuid4())
        dry = send(service, path, valid, again, dry_run=True)
        refused_alike(operation, dry, send(service, path, valid, again, dry_run=False))


def agree(operation: str, dry: httpx.Response, real: httpx.Response, logged: list[tuple[Any, ...]]) -> None:
    """The command recorded what its dry run said, in that order, and made what it would make."""
    said = dry.json()
    assert (said["refused"], said["replayed"]) == ([], False)
    own = [row for row in logged if row[2] == logged[0][2]]
    assert [(w["type"], w["effective_on"]) for w in said["would_record"]] == [row[:2] for row in own]
    is_file = "json" not in real.headers["content-type"]
    assert said.get("location") == (None if operation in DRAW_IDS or is_file else real.json().get("location"))


def refused_alike(operation: str, dry: httpx.Response, real: httpx.Response) -> None:
    """Both are accepted, or both refused and by the same rule first, or by one that the dry run says it does not ask."""
    if dry.status_code != 200:
        assert (dry.status_code, dry.json()) == (real.status_code, real.json()), operation
    elif operation in OWN_ANSWERS and real.status_code == 201:
        assert real.json()["refused"] == dry.json()["refused"]
    elif said := [no["code"] for no in dry.json()["refused"]]:
        assert (real.status_code, real.json()["code"]) == (409, said[0]), operation
    elif real.status_code != 201:
        assert real.json()["code"] in dry.json()["not_asked"], operation


def test_a_dry_run_waits_for_nobody_who_appends(running: Running) -> None:
    county, databases = running.county, running.databases
    valid = REGISTRY["make_visit"](county)
    path = "/cases/{case_id}/visits"
    with (
        psycopg.connect(databases.conninfos["registry"]) as other,
        psycopg.connect(databases.conninfos["registry"]) as third,
    ):
        other.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
        assert third.execute("SELECT pg_try_advisory_xact_lock(%s)", (APPEND_LOCK,)).fetchone() == (False,)
        dry = send("registry", path, valid, str(uuid4()), dry_run=True)
    assert (dry.status_code, dry.json()["refused"]) == (200, [])
    assert dry.json()["position"] == {"registry": databases.head("registry")}


def test_every_rule_that_refuses_is_named_and_what_could_not_be_asked(running: Running) -> None:
    county = running.county
    head = {"name": "王某", "sex": "male", "birth_year": 1970, "relation": "head"}
    tomorrow = str(date.fromordinal(date.fromisoformat(county.today).toordinal() + 1))
    body = {"division": "990001101999", "effective_on": tomorrow, "members": [head, head]}
    county_cadre = county.client_for("cadre-c", "990001", Role.CADRE)
    dry = county_cadre.post("/registry/households", body, params={"dry_run": True})
    assert [no["code"] for no in dry.json()["refused"]] == ["unknown_village", "future_day", "household_without_head"]
    assert dry.json()["not_asked"] == ["member_of_another_household", "person_died"]
    assert dry.json()["would_record"] == []
    real = county_cadre.post("/registry/households", body)
    assert (real.status_code, real.json()["code"]) == (409, "unknown_village")
    first = dry.json()["refused"][0]
    assert (f"{first['zh']}\n{first['en']}", first["source"]) == (real.json()["detail"], real.json()["source"])


def test_what_was_decided_on_must_still_be_the_last_word(running: Running) -> None:
    county = running.county
    household = county.household()
    path, body = f"/registry/households/{household}/surveys", {"effective_on": county.today, "address": "某组 3 号"}
    seen = county.village.get(f"/registry/households/{household}/facts").json()[-1]["id"]

    def survey(based_on: str, **params: Any) -> tuple[int, str | None]:
        headers = {"Authorization": f"Bearer {county.village.token}", "Idempotency-Key": str(uuid4())}
        answer = county.client.post(path, json=body, headers={**headers, "Lika-Based-On": based_on}, params=params)
        return answer.status_code, answer.json().get("code")

    assert survey(seen) == (201, None)
    assert survey(seen) == (409, "changed_since")
    other = county.village.get(f"/registry/households/{county.household()}/facts").json()[-1]["id"]
    for wrong in (other, "nothing", seen.replace("registry", "audit"), f"{seen},,"):
        assert survey(wrong) == (422, "bad_based_on"), wrong


def test_every_command_at_a_household_takes_what_is_on_record_of_it_as_what_it_was_decided_on(running: Running) -> None:
    """As the console's forms send it."""
    at_households = {
        operation["post"]["operationId"]: path
        for path, operation in published("registry")["paths"].items()
        if path.startswith("/households/{household_id}/") and "post" in operation
    }
    assert len(at_households) > 15
    for act, path in at_households.items():
        valid = REGISTRY[act](running.county)
        headers = {
            "Authorization": f"Bearer {valid.client.token}", "Idempotency-Key": str(uuid4()),
            "Lika-Based-On": f"registry/household-{valid.path['household_id']}/1000",
        }  # fmt: skip
        url = f"/registry{path.format(**valid.path)}"
        answer = running.county.client.post(url, json=valid.body, headers=headers, params={"dry_run": True})
        assert answer.status_code == 200, (act, answer.text)


def test_a_dry_run_masks_personal_values_that_the_caller_sent(running: Running) -> None:
    valid = REGISTRY["record_household"](running.county)
    dry = send("registry", "/households", valid, str(uuid4()), dry_run=True).json()
    (record,) = dry["would_record"]
    assert (record["stream"], record["type"]) == ("household", "HouseholdRecorded")
    assert record["fields"]["members"][0]["name"] == "***"
    assert "13900000001" not in json.dumps(dry)
