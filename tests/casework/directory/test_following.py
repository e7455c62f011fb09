"""Another service follows the directory's facts with the same view, and asks its copies the same questions."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI

from contracts.roles import Role
from services.audit.service import audit
from services.casework.directory.admission import admit_by
from services.casework.directory.feed import view
from services.casework.directory.queries import Directory
from services.chassis.environment import Environment
from services.chassis.following.reactions import Reaction
from services.chassis.ground.clock import SimulatedClock
from services.chassis.security.admission import Admission, HeldPost
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.monitoring.service import monitoring
from tests.audit.producers import Producer, stub_service
from tests.casework.directory.example_staff import (
    CLERK,
    HIRED,
    SECRETARY,
    VILLAGE,
    assumed,
    delegated,
    left,
    linked,
    registered,
)
from tests.support.access import NO_ROUTES
from tests.support.eventually import eventually
from tests.support.running import Build, lika


def follower(environment: Environment) -> tuple[Service, FastAPI]:
    reactions: tuple[Reaction, ...] = (view("registry"),)
    service = Service(
        name="follower", title="follower", environment=environment, store=open_store("follower", environment),
        reads={"registry": reactions}, access=NO_ROUTES,
    )  # fmt: skip
    return service, service.app()


def test_a_follower_knows_who_held_which_post(database: Callable[[str], str], tmp_path: Path) -> None:
    with lika([stub_service("registry"), follower], database, tmp_path, datetime(2014, 1, 1, tzinfo=UTC)) as running:
        registry = Producer(running, "registry")
        registry.append(date(2014, 6, 2), registered(), linked("zhang3"), linked("z.san"), assumed())
        registry.append(date(2014, 6, 3), registered(CLERK), linked("li4", staff=CLERK))
        registry.append(date(2014, 6, 4), delegated(date(2014, 6, 1), date(2014, 6, 30)))
        registry.append(date(2014, 6, 5), left(date(2014, 6, 20)))
        of_follower = running.services["follower"]
        eventually(lambda: of_follower.reached("registry") == registry.store.head().position)
        directory = Directory(of_follower.store, "registry")
        on_14, on_20 = date(2014, 6, 14), date(2014, 6, 20)
        held = directory.holdings([(account, day) for account in ("zhang3", "li4") for day in (on_14, on_20)])
        assert {asked: [(h.post.staff_id, h.standing_in) for h in of] for asked, of in held.items()} == {
            ("zhang3", on_14): [(SECRETARY, False)],
            ("zhang3", on_20): [],
            ("li4", on_14): [(SECRETARY, True)],
            ("li4", on_20): [],
        }
        assert directory.holdings([("li4", on_14)], known_at=datetime(2014, 6, 4, tzinfo=UTC)) == {("li4", on_14): ()}
        assert directory.holdings([("nobody-1", HIRED)]) == {}
        assert directory.accounts_of("zhang3") == {"zhang3", "z.san"}
        assert directory.accounts_of("nobody-1") == {"nobody-1"}
        # A deputy is admitted by the post they stand in for.
        admission = Admission(enforced=True)
        admit_by(directory, admission)
        assert admission.posts_held is not None
        assert admission.posts_held("li4") == ()
        clock = of_follower.store.clock
        assert isinstance(clock, SimulatedClock)
        clock.step(datetime(2014, 6, 14, tzinfo=UTC))
        assert admission.posts_held("li4") == (HeldPost(assumed().role, VILLAGE),)


@pytest.mark.parametrize("build", [monitoring, partial(audit, logs=("registry",))], ids=["monitoring", "audit"])
def test_a_service_without_the_registry_beside_it_admits_by_its_copies(
    build: Build, database: Callable[[str], str], tmp_path: Path
) -> None:
    start = datetime(2014, 1, 1, tzinfo=UTC)
    with lika([stub_service("registry"), build], database, tmp_path, start, directory="enforced") as running:
        registry, (name, service) = Producer(running, "registry"), list(running.services.items())[1]
        registry.append(date(2014, 6, 2), registered(), linked("zhang3"), assumed())
        registry.append(date(2014, 6, 3), registered(CLERK), linked("li4", staff=CLERK))
        registry.append(date(2014, 6, 4), delegated(date(2014, 6, 1), date(2014, 6, 30)))
        eventually(lambda: service.reached("registry") == registry.store.head().position)
        clock = service.store.clock
        assert isinstance(clock, SimulatedClock)
        clock.step(datetime(2014, 6, 14, tzinfo=UTC))
        answers = {
            account: running.client_for(account, VILLAGE, Role.CADRE).get(f"/{name}/access")
            for account in ("zhang3", "li4", "wang5")
        }
        assert {account: answer.status_code for account, answer in answers.items()} == {
            "zhang3": 200, "li4": 200, "wang5": 403,
        }  # fmt: skip
        assert answers["wang5"].json()["code"] == "no_post_held"
