"""What the house says over HTTP, and what it needs beside its database."""

import json
from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lika.house import BUILDS
from lika.operations.checks import running as checks
from lika.operations.finding import Finding, State
from lika.operations.installation import Installation
from services.chassis.ground.settings import Settings
from services.chassis.kafka import topic
from services.chassis.kafka.cluster import Cluster
from tests.lika.operations.conftest import Alter, entries
from tests.support.serving import serving

NOT_READY = {"code": "not_ready", "facts": {"parts": ["consumers"]}}


def health_app(unready: Mapping[str, int]) -> Starlette:
    """Something that answers for every service; ``unready``: who answers with which other status."""

    async def ready(request: Request) -> Response:
        status = unready.get(request.path_params["name"], 200)
        return JSONResponse({"status": "up"} if status == 200 else NOT_READY, status)

    return Starlette(routes=[Route("/{name}/health/ready", ready)])


def house_finding(installation: Installation, *, used: bool, **unready: int) -> Finding:
    installation.__dict__["has_other_sessions"] = used
    with serving(health_app(unready)) as installation.url:
        return checks.house(installation)


def test_a_house_that_answers_for_every_service_is_sound(installation: Installation) -> None:
    assert house_finding(installation, used=True).state is State.OK


def test_a_service_that_is_not_ready_is_broken_and_says_which_part(installation: Installation) -> None:
    finding = house_finding(installation, used=True, audit=503)
    assert (finding.state, finding.en) == (State.BROKEN, "not ready: audit: consumers")


def test_a_stranger_on_the_port_is_broken(installation: Installation) -> None:
    finding = house_finding(installation, used=False, **dict.fromkeys(BUILDS, 404))
    assert (finding.state, "--url" in finding.remedy_en) == (State.BROKEN, True)


def test_a_house_on_other_databases_warns(installation: Installation) -> None:
    finding = house_finding(installation, used=False)
    assert (finding.state, "DATABASE_URL" in finding.remedy_en) == (State.WARNING, True)


def test_a_house_at_rest_is_sound(installation: Installation) -> None:
    assert checks.house(installation).en == "not running (lika up starts it)"


def test_a_house_that_should_answer_and_does_not_is_broken(installation: Installation) -> None:
    installation.must_answer = True
    assert checks.house(installation).state is State.BROKEN


def test_databases_in_use_by_a_house_that_does_not_answer_here_warn(installation: Installation) -> None:
    installation.__dict__["has_other_sessions"] = True
    assert checks.house(installation).state is State.WARNING


def test_tokens_of_the_local_key_need_nobody(installation: Installation) -> None:
    assert checks.identity(installation).state is State.OK


def test_keys_of_a_provider_are_read(installation: Installation) -> None:
    file = installation.settings.data_dir / "jwks.json"
    installation.settings = Settings(data_dir=installation.settings.data_dir, jwks_file=file)
    assert checks.identity(installation).state is State.BROKEN
    file.write_text(json.dumps({"keys": [{}, {}]}))
    assert checks.identity(installation).en == "2 public keys can be read"
    installation.settings = Settings(data_dir=installation.settings.data_dir, jwks_url="http://127.0.0.1:1/jwks")
    assert checks.identity(installation).state is State.BROKEN


def test_kafka_is_not_asked_where_it_is_not_used(installation: Installation) -> None:
    assert checks.kafka(installation).state is State.OK


def test_brokers_that_are_away_are_broken(installation: Installation) -> None:
    installation.settings = Settings(data_dir=installation.settings.data_dir, kafka_bootstrap_servers="127.0.0.1:1")
    finding = checks.kafka(installation)
    assert (finding.state, "KAFKA_BOOTSTRAP_SERVERS" in finding.en) == (State.BROKEN, True)


def test_brokers_that_answer_are_sound(installation: Installation, kafka: Cluster) -> None:
    installation.settings = Settings(data_dir=installation.settings.data_dir, kafka_bootstrap_servers=kafka.bootstrap)
    assert checks.kafka(installation).en.startswith("Kafka answers, ")


def test_a_running_house_whose_facts_have_no_topic_warns(
    running: Installation, kafka: Cluster, alter: Alter, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The broker is everybody's: names that no other test gives a topic.
    for module in (checks, topic):
        monkeypatch.setattr(module, "name_of", lambda log: f"doctor.{log}")
    alter("monitoring", entries(1, 2))
    running.settings = Settings(data_dir=running.settings.data_dir, kafka_bootstrap_servers=kafka.bootstrap)
    finding = checks.kafka(running)
    assert (finding.state, finding.en) == (State.WARNING, "missing topics: doctor.monitoring")
