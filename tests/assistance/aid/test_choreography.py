"""What happens to a pupil's aid when the register moves: the whole choreography, through the running service."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.assistance.aid import (
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidFactsAnnulled,
    AidStopped,
    AidTransferred,
    PaidAidReviewOpened,
)
from contracts.registry.households import SchoolStage
from contracts.roles import Role
from tests.assistance.scene import NEXT_VILLAGE, VILLAGE, Family, Scene, scene


@pytest.fixture
def stage(database: Callable[[str], str], tmp_path: Path) -> Iterator[Scene]:
    with scene(database, tmp_path, "2014-09-02") as started:
        yield started


def test_aid_goes_on_after_an_exit_and_ends_at_the_stage_change(stage: Scene) -> None:
    """M119, source facts §5 rule 1."""
    family = Family.new()
    stage.learn(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    stage.grant(family, "2014-09-02", "2014-09-12")
    stage.until("2014-12-20")
    (exited,) = stage.learn(family.exited("2014-12-20"))
    stage.caused(stage.last(family, AidContinuedAfterExit), exited)
    (running,) = stage.entitlements(family)
    assert (running["until"], running["continued_after_exit_on"]) == (None, "2014-12-20")

    stage.until("2015-09-10")
    (survey,) = stage.learn(family.pupil_surveyed("2015-09-01", SchoolStage.JUNIOR))
    stage.caused(stage.last(family, AidEndedAtStageChange), survey)
    (ended,) = stage.entitlements(family)
    assert (ended["until"], ended["ending"]) == ("2015-09-01", "stage_over")
    assert ended["due"] == [{"school_year": 2014, "amount": "1000.00"}]
    assert ended["review"] is None

    stage.until("2016-03-01")
    stage.learn(family.returned("2016-03-01"))
    (again,) = stage.get("/aid/eligibility", household_id=str(family.household), only="to_apply")["items"]
    assert (again["stage"], again["eligible"], again["amount_per_year"]) == ("junior", True, "1250")
