"""Which releases run side by side, as the doctor tells it."""

from lika.operations.checks.replicas import replicas
from lika.operations.finding import State
from lika.operations.installation import Installation
from tests.lika.operations.conftest import Alter


def running_replica(release: str, *, seconds_ago: int = 0) -> str:
    return (
        f"INSERT INTO replicas VALUES (gen_random_uuid(), '{release}', '{{}}', '2020-01-01',"
        f" clock_timestamp() - interval '{seconds_ago} seconds')"
    )


def test_an_upgrade_that_is_not_over_is_told_and_the_dead_are_not(installation: Installation, alter: Alter) -> None:
    assert replicas(installation, "audit").code == "no_replica_runs"
    alter("audit", running_replica("1.1"), running_replica("1.1"), running_replica("1.0", seconds_ago=11))
    finding = replicas(installation, "audit")
    assert (finding.state, finding.en) == (State.OK, "2 of release 1.1 (the first since 2020-01-01 00:00 UTC)")
    alter("audit", running_replica("1.0"))
    finding = replicas(installation, "audit")
    assert finding.state is State.WARNING
    assert "1 of release 1.0" in finding.en
    assert "stop the former" in finding.remedy_en
