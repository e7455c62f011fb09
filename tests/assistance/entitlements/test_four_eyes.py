"""Nobody approves what rests on their own hand: not what they entered in the register, and not under another account. The staff
directory is the registry's; assistance follows it."""

from collections.abc import Callable, Iterator

import pytest

from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.casework.directory.domain import stream_of
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.chassis.log.unit import Tx
from tests.assistance.harness import (
    COUNTY,
    ENTERED_BY,
    TOWNSHIP,
    AssistanceHarness,
    Family,
    assistance_harness,
    decision,
)
from tests.casework.directory.example_staff import SECRETARY, linked, registered

OWN_ENTRY = (409, "approves_own_entry")
REVIEW = {"on": "2014-09-12", "outcome": "passed"}
OF_PROVINCE = (FIRST_TEXTS.folder / "programmes" / "education_aid-99-2014.yaml").read_text(encoding="utf-8")
RATE = OF_PROVINCE.replace('"99"', '"990001"').replace("99-2014", "990001-2014").replace('yuan: "500"', 'yuan: "1200"')


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), "2014-09-12") as started:
        yield started


def one_person(harness: AssistanceHarness, *accounts: str) -> None:
    """The registry's directory says so, and assistance has read it."""
    links = [linked(account) for account in accounts]

    def work(tx: Tx) -> None:
        tx.append(stream_of(SECRETARY), registered(), *links)
        harness.running.positions["registry"] = tx.head + 1 + len(links)

    harness.registry.transact(work, actor=ENTERED_BY)


def noticed(harness: AssistanceHarness) -> str:
    """An application, entered late, whose notice is over."""
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    return harness.apply(family, "2014-09-02")


def test_whoever_entered_the_household_does_not_review_the_aid_of_its_pupil(harness: AssistanceHarness) -> None:
    one = noticed(harness)
    recorder = harness.running.client_for(ENTERED_BY, TOWNSHIP, Role.REVIEWER)
    assert harness.refused(recorder, f"{one}/reviews", REVIEW) == OWN_ENTRY
    harness.post(harness.reviewer, f"{one}/reviews", REVIEW)


def test_the_other_account_of_the_same_person_is_no_second_person(harness: AssistanceHarness) -> None:
    one_person(harness, "cadre-1", "c.one")
    one = noticed(harness)
    other = harness.running.client_for("c.one", TOWNSHIP, Role.REVIEWER)
    (review,) = [s for s in harness.get(f"{one}/steps", other)["steps"] if s["kind"] == "review"]
    assert review["may"] is False
    assert harness.refused(other, f"{one}/reviews", REVIEW) == OWN_ENTRY
    harness.post(harness.reviewer, f"{one}/reviews", REVIEW)
    decider = harness.running.client_for("c.one", COUNTY, Role.DECIDER)
    assert harness.refused(decider, f"{one}/decisions", decision("2014-09-12")) == OWN_ENTRY


def test_the_other_account_of_the_same_person_confirms_no_rate(harness: AssistanceHarness) -> None:
    one_person(harness, "op-1", "o.one")
    one, other, second = (harness.running.client_for(a, COUNTY, Role.OPERATOR) for a in ("op-1", "o.one", "op-2"))
    document = harness.post(one, "/documents", {"content": canonical_text(YamlText(RATE, "rate").content)})
    harness.get("/inbox")  # waits until assistance has read the directory
    confirmations = f"/assistance{document}/confirmations"
    assert other.post(confirmations).json()["code"] == "document_own_proposal"
    assert second.post(confirmations).status_code == 201
