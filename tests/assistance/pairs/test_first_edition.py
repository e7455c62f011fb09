"""A log written before pairs that follow the register were pairs shows the same pairs, whose lives go on in this edition's facts."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.pairing import (
    EndReason,
    HelperAssigned,
    HelperReleased,
    PairingEnded,
    PairingFactsAnnulled,
    ReleaseReason,
)
from contracts.assistance.pairs import FOLLOWING, HouseholdPairFormed, PairAnnulled, PairEnded, PairEndReason
from contracts.casework.duties import DutyMissed
from contracts.casework.records import SubjectKind
from contracts.facts import Fact
from contracts.roles import Role
from services.assistance.document_kinds import KINDS
from services.assistance.pairs.state import helped
from services.assistance.pairs.streams import following_stream
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import checked, proposal_of
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.assistance.harness import COUNTY, AssistanceHarness, assistance_harness
from tests.assistance.pairs.helped_households import duties, enrolled, helpers, last, told
from tests.support.helper_forms import helper_form, successor_form
from tests.support.recorded import recorded

DUTY = {
    "duty_set": "pairing_former", "of_programme": "pairing", "edition": "990001-2014", "zh": "帮扶责任人", "en": "helpers",
    "jurisdiction": COUNTY, "source": "a county's paper", "in_force": {"from": date(2014, 1, 1), "to": None},
    "duties": [{
        "key": "named", "zh": "落实帮扶责任人", "en": "name a helper", "obligation": "household_in_register",
        "office": {"level": "village", "role": "cadre"}, "cadence": {"kind": "once", "within_days": 20},
        "fulfilled_by": {"fact": "HelperAssigned"},
    }],
}  # fmt: skip
"""As a county adopted it when the first edition was there: what fulfils it bears that edition's name."""


def facts_of(household: UUID) -> Callable[..., Any]:
    def made(kind: type[Any], day: str, by: str = "cadre-1", **more: Any) -> Any:
        return kind(household_id=household, effective_on=date.fromisoformat(day), entered_by=by, **more)

    return made


def told_by_former_release(harness: AssistanceHarness, household: UUID, *facts: Fact) -> None:
    harness.assistance.transact(lambda tx: tx.append(following_stream(household), *facts), actor="cadre-1")
    harness.running.positions["assistance"] = harness.assistance.position()


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("first"), "2014-06-01") as started:
        yield started


def test_facts_of_both_editions_in_one_stream_are_pairs() -> None:
    """Late ones count from their day; what was void stays void; an end by the register ends whoever was there before it."""
    household = uuid4()
    old = facts_of(household)
    new: dict[str, Any] = {"subject": household, "entered_by": "cadre-1"}
    stream = following_stream(household)
    formed = HouseholdPairFormed(
        **new, household_id=household, effective_on=date(2014, 9, 1), kind="pairing_helper", edition="2014",
        about=SubjectKind.HOUSEHOLD, helper="d", unit="某局", took_over_from="b",
    )  # fmt: skip
    history = recorded(
        old(HelperAssigned, "2014-06-01", helper="a", unit="某局"),
        old(HelperReleased, "2014-07-01", helper="a", reason=ReleaseReason.HANDOVER),
        old(HelperAssigned, "2014-07-01", helper="b", unit="某局", took_over_from="a"),
        old(HelperAssigned, "2014-05-01", helper="c", unit="某局"),  # told late, in addition
        old(HelperReleased, "2014-06-15", helper="c", reason=ReleaseReason.TRANSFERRED),
        old(PairingEnded, "2014-10-01", by=SYSTEM_ACTOR, reason=EndReason.HOUSEHOLD_REMOVED, caused_by="registry/x/1"),
        old(PairingFactsAnnulled, "2014-10-01", by=SYSTEM_ACTOR, annuls=(f"assistance/{stream}/6",)),
        old(PairingEnded, "2014-11-01", by=SYSTEM_ACTOR, reason=EndReason.HOUSEHOLD_CANCELLED, caused_by="registry/x/2"),
        PairEnded(**new, effective_on=date(2014, 9, 1), pair=FOLLOWING + 3, reason=PairEndReason.HANDED_OVER),
        formed,
        PairAnnulled(**new, effective_on=date(2014, 12, 1), pair=FOLLOWING + 4, annuls=(f"assistance/{stream}/4",)),
        log="assistance", stream=stream,
    )  # fmt: skip
    found = helped(history).pairs
    assert [(n - FOLLOWING, p.formed.helper, str(p.told.day), str(p.until), p.reason, p.void) for n, p in found.items()] == [
        (4, "c", "2014-05-01", "2014-06-15", "helper_left", True),
        (1, "a", "2014-06-01", "2014-07-01", "handed_over", False),
        (3, "b", "2014-07-01", "2014-09-01", "handed_over", False),
        (10, "d", "2014-09-01", "2014-11-01", "household_cancelled", False),
    ]  # fmt: skip
    at = {n: {p.formed.helper for p in helped(history[:n]).pairs.values() if p.until is None} for n in (1, 5, 6, 7, 8)}
    assert at == {1: {"a"}, 5: {"b"}, 6: set(), 7: {"b"}, 8: set()}
    on = {
        d: {p.formed.helper for p in found.values() if p.holds_on(date(2014, *d))}
        for d in ((6, 30), (7, 1), (10, 31), (11, 1))
    }
    assert on == {(6, 30): {"a"}, (7, 1): {"b"}, (10, 31): {"d"}, (11, 1): set()}
    assert [p.formed.helper for p in helped(history, date(2014, 8, 1)).pairs.values() if p.until is None] == ["b"]


def test_a_former_log_s_helpers_go_on_as_pairs(harness: AssistanceHarness) -> None:
    """Listed, counted, owing and fulfilling as before; succeeded and ended by this edition; and their void ends are annulled."""
    proposal = proposal_of(checked(DUTY, KINDS), "op-1", "former")
    harness.assistance.transact(
        lambda tx: tx.append(STREAM, *adoption_facts("assistance", [proposal], tx.version(STREAM)))
    )
    helped_by, left, removed = enrolled(harness), enrolled(harness), enrolled(harness)
    one, two, three = (facts_of(f.household) for f in (helped_by, left, removed))
    (cause,) = harness.record(removed.removed("2014-06-01"))
    told_by_former_release(
        harness, helped_by.household, one(HelperAssigned, "2014-06-01", helper="old-1", unit="县农业局")
    )
    told_by_former_release(
        harness, left.household, two(HelperAssigned, "2014-06-01", helper="old-1", unit="县农业局"),
        two(HelperReleased, "2014-06-01", helper="old-1", reason=ReleaseReason.LEFT_SERVICE),
    )  # fmt: skip
    ended = three(PairingEnded, "2014-06-01", SYSTEM_ACTOR, reason=EndReason.HOUSEHOLD_REMOVED, caused_by=cause)
    assigned = three(HelperAssigned, "2014-06-01", helper="old-1", unit="县农业局")
    told_by_former_release(harness, removed.household, assigned, ended)
    assert told(harness, helped_by.household) == [("old-1", "2014-06-01", None, None)]
    assert told(harness, left.household) == [("old-1", "2014-06-01", "2014-06-01", "helper_left")]
    assert told(harness, removed.household) == [("old-1", "2014-06-01", "2014-06-01", "household_removed")]
    (load,) = harness.get("/pair-loads", kind="pairing_helper", helper="old-1")["items"]
    assert (load["pairs"], load["households"], load["persons"]) == (1, 1, 2)
    unhelped = harness.get("/listings", kind="pairing_helper", unhelped=True)["items"]
    assert [(u["subject"], u["number"], u["persons"]) for u in unhelped] == [(str(left.household), 0, 2)]
    (by_register,) = harness.get("/acts", subject=f"/assistance/listings/{left.household}/0")
    assert by_register["acts"] == []  # nobody takes them off it
    assert sorted(duties(harness, helped_by.household)) == [("met", "2014-06-21"), ("met", "2014-07-01")]
    # By enrolment and by the leaving of the same day.
    assert set(duties(harness, left.household)) == {("due", "2014-06-21"), ("due", "2014-07-01")}

    # What followed from a removal that was told by mistake is annulled where it stands.
    (withdrawn,) = harness.record(removed.annulled("2014-06-01", cause))
    void = last(harness, removed.household, PairingFactsAnnulled)
    harness.assert_caused_by(void, withdrawn)
    assert told(harness, removed.household) == [("old-1", "2014-06-01", None, None)]
    new = uuid4()
    harness.record(*removed.split("2014-06-01", new))
    assert told(harness, new) == [("old-1", "2014-06-01", None, None)]

    (pair,) = helpers(harness, helped_by.household)
    at = f"/pairs/{pair['subject']}/{pair['number']}"
    assert pair["number"] == FOLLOWING + 1
    assert harness.refused(harness.cadre, "/pairs", helper_form(helped_by.household, "2014-06-01")) == (
        409,
        "pair_has_helper",
    )
    asked = successor_form("2014-06-01", "new-1")
    made = [harness.cadre.post(f"/assistance{at}/successions", asked, key=uuid4().hex) for _ in range(2)]
    assert [m.status_code for m in made] == [201, 409]
    again = harness.cadre.post(f"/assistance{at}/successions", asked, key=made[0].request.headers["Idempotency-Key"])
    assert (again.status_code, again.json()["replayed"]) == (201, True)
    assert told(harness, helped_by.household) == [
        ("old-1", "2014-06-01", "2014-06-01", "handed_over"), ("new-1", "2014-06-01", None, None)
    ]  # fmt: skip


def test_a_former_helper_hands_over_and_is_found_with_too_many(harness: AssistanceHarness) -> None:
    families = [enrolled(harness) for _ in range(11)]
    for family in families:
        made = facts_of(family.household)
        told_by_former_release(
            harness, family.household, made(HelperAssigned, "2014-06-01", helper="old-2", unit="某局")
        )
    county = harness.running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
    (found,) = harness.get("/findings", county)["items"]
    assert (found["values"], len(found["facts"])) == ({"count": "11"}, 11)
    body = {
        "helper": "old-2", "leader": "leader-1", "leader_unit": "某局", "accept_by": "2014-06-01", "effective_on": "2014-06-01",
    }  # fmt: skip
    handover = harness.post(harness.cadre, "/handovers", body)
    lines = harness.get(handover, harness.cadre)["lines"]
    assert {(x["subject"], x["kind"], x["pair"]) for x in lines} == {
        (str(f.household), "pairing_helper", FOLLOWING + 1) for f in families
    }
    taken = {
        "helper": "new-2", "unit": "某局", "effective_on": "2014-06-01",
        "lines": [{"subject": x["subject"], "pair": x["pair"]} for x in lines[:2]],
    }  # fmt: skip
    harness.post(harness.cadre, f"{handover}/acceptances", taken)
    assert harness.get("/findings", county)["items"] == []
    assert len(harness.get("/pairs", helper="old-2")["items"]) == 9
    require_rebuilt_alike(harness, "register_pairs")
    require_rebuilt_alike(harness, "findings")


def test_a_former_household_without_a_helper_is_missed_on_the_day_after(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with assistance_harness(database, tmp_path, "2014-06-01") as harness:
        one, other = enrolled(harness), enrolled(harness)
        made = facts_of(one.household)
        harness.advance_to("2014-07-01")
        told_by_former_release(harness, one.household, made(HelperAssigned, "2014-07-01", helper="old-3", unit="某局"))
        harness.advance_to("2014-07-02")
        assert (duties(harness, one.household), duties(harness, other.household)) == (
            [("met", "2014-07-01")], [("overdue", "2014-07-01")]
        )  # fmt: skip
        assert not any(isinstance(r.fact, DutyMissed) for r in harness.assistance.stream(f"duties-{one.household}"))


def require_rebuilt_alike(harness: AssistanceHarness, name: str) -> None:
    service = harness.running.services["assistance"]
    (view,) = (v for v in service.views if v.name == name)
    assert isinstance(view, View)
    conninfo = service.environment.conninfo("assistance")
    with WorkerPool(1) as workers:
        report = Rebuild(conninfo, "assistance", "assistance", view, workers, lambda *_: None).run(confirmed=False)
    assert (report.compared, report.differences.rows) == ("compared", 0)
    assert report.subjects > 0
