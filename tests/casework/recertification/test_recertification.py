"""Posts are looked at once a year by the level above; what was not is missed, shown, and escalated."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.casework.directory import LeavingReason, PostLeft, PostRecertified
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.facts import Fact, Recorded
from contracts.roles import Role
from contracts.selection import timeline
from services.casework.directory.domain import stream_of
from services.casework.duties.store import stream_of as duty_stream
from services.casework.recertification.domain import tenures
from tests.casework.directory.example_staff import SECRETARY, assumed, registered
from tests.casework.directory.test_api import code_of, done, post_form, register
from tests.registry.intake.import_requests import VILLAGE, registry_with_villages
from tests.support.running import ApiClient, Lika

TOWNSHIP, COUNTY = VILLAGE[:9], VILLAGE[:6]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(
        module_database, tmp_path_factory.mktemp("lika"), datetime(2020, 12, 1, 1, tzinfo=UTC)
    ) as started:
        yield started


class Office:
    """A county, the province above it, and a cadre who holds a post since before the year."""

    def __init__(self, running: Lika, *accounts: str) -> None:
        self.running = running
        self.operator = running.client_for("county-operator", COUNTY, Role.OPERATOR)
        self.county = running.client_for("county-reviewer", COUNTY, Role.REVIEWER)
        self.province = running.client_for("province-reviewer", "99", Role.REVIEWER)
        self.staff = register(self.operator, *accounts)
        done(self.operator.post(f"{self.staff}/posts", post_form()))
        (post,) = self.operator.get(self.staff, as_of="2020-12-01").json()["posts"]
        self.post_id = post["post_id"]

    def step(self, day: str) -> None:
        running = self.running
        answer = running.client_for("operator-0", "", Role.OPERATOR).post(
            "/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}
        )
        assert answer.status_code == 201, answer.text

    def recertified(self, by: ApiClient, on: str, **more: Any) -> Any:
        body = {"effective_on": on, "holds": True, **more}
        return by.post(f"/registry/staff/posts/{self.post_id}/recertifications", body)

    def shown(self, to: ApiClient) -> list[tuple[str, str]]:
        items = to.get("/registry/inbox").json()["items"]
        return [(i["kind"], i["act"]["operation"]) for i in items if i["subject"] == self.post_id]

    def recorded(self) -> tuple[Recorded, ...]:
        return self.running.services["registry"].store.stream(duty_stream(UUID(self.post_id)))


def test_nobody_recertifies_their_own_post_under_whatever_account_nor_from_below(running: Lika) -> None:
    office = Office(running, "cadre-7", "cadre-8")
    own = running.client_for("cadre-8", COUNTY, Role.REVIEWER)
    assert code_of(office.recertified(own, "2020-12-01")) == (409, "own_staff_record")
    township = running.client_for("township-reviewer", TOWNSHIP, Role.REVIEWER)
    assert code_of(office.recertified(township, "2020-12-01")) == (403, "post_needs_level_above")
    assert code_of(office.recertified(office.county, "2013-12-31")) == (409, "recertifies_post_not_held")
    assert code_of(office.recertified(office.county, "2020-12-02")) == (409, "recertified_ahead")
    assert office.recertified(office.county, "2020-12-01", holds=False).status_code == 422
    assert code_of(office.recertified(office.operator, "2020-12-01")) == (403, "role_not_allowed")


def test_what_nobody_recertified_or_ended_is_missed_after_the_grace_shown_and_escalated(running: Lika) -> None:
    office, ended = Office(running), Office(running)
    office.step("2021-11-01")
    done(ended.recertified(ended.county, "2021-10-15", holds=False, reason="transferred"))
    office.step("2021-12-31")
    assert office.shown(office.county) == [("due", "recertify_post")]
    office.step("2022-01-31")
    assert office.recorded() == ()
    office.step("2022-02-01")
    (missed,) = office.recorded()
    assert isinstance(missed.fact, DutyMissed)
    assert (missed.fact.first, missed.fact.duty) == (date(2021, 1, 1), "below_county")
    assert sorted(office.shown(office.county)) == [("due", "recertify_post"), ("overdue", "recertify_post")]
    assert office.shown(office.province) == [("waiting", "recertify_post")]
    office.step("2022-03-03")
    assert office.shown(office.province) == [("escalated", "recertify_post")]
    assert done(office.recertified(office.county, "2021-12-30")) == office.staff
    assert isinstance(office.recorded()[-1].fact, DutyMissesAnnulled)
    assert office.shown(office.county) == [("due", "recertify_post")]
    assert (ended.recorded(), ended.shown(ended.county)) == ((), [])


def told(*facts: Fact) -> list[Recorded]:
    return timeline(
        Recorded(
            "registry",
            n,
            stream_of(SECRETARY),
            n,
            datetime(2014, 1, n, tzinfo=UTC),
            UUID(int=n),
            "operator-1",
            fact,
            b"",
        )
        for n, fact in enumerate(facts, 1)
    )


def test_a_post_is_reviewed_by_confirming_it_leaving_it_or_the_end_of_its_term() -> None:
    year: dict[str, Any] = {"effective_on": date(2014, 6, 1), "entered_by": "reviewer-1", "staff_id": SECRETARY}
    looked_at = PostRecertified(post_id=UUID(int=101), **year)
    left = PostLeft(post_id=UUID(int=101), reason=LeavingReason.RESIGNED, **{**year, "effective_on": date(2014, 9, 1)})
    posts = [assumed(), assumed(2, term_ends=date(2014, 12, 31), title="主任"), assumed(3, title="会计")]
    found = {t.post_id.int - 100: t for t in tenures(told(registered(), *posts, looked_at, left))}
    days = {number: [review.day for review in tenure.reviews] for number, tenure in found.items()}
    assert days == {1: [date(2014, 6, 1), date(2014, 8, 31)], 2: [date(2014, 12, 31)], 3: []}
    assert [found[n].obligation.until for n in (1, 2, 3)] == [date(2014, 9, 1), date(2015, 1, 1), None]
    assert found[3].obligation.begins == date(2014, 1, 4)
