"""Posts that the government buys: who comes first for them, and what a move does to a post, to wages and to a household's one post,
told in time or late; and the target of a village's labour transfer."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from contracts.registry.codes import LabourSkill
from contracts.registry.members import Member, MemberJoined, MemberLeft, Sex
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.roles import Role
from tests.assistance.employment.placements import of, placed, placement, public
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family, assistance_harness, fact

START = "2016-12-05"


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("posts"), START) as started:
        yield started


def adults(harness: AssistanceHarness, *who: tuple[int, Sex]) -> list[Family]:
    """Registered households whose heads were born in that year; the other member is twenty."""
    families = [Family.new() for _ in who]
    for one, (born, sex) in zip(families, who, strict=True):
        one.head = msgspec.structs.replace(one.head, birth_year=born, sex=sex, labour_skill=LabourSkill.ORDINARY)
        one.pupil = msgspec.structs.replace(one.pupil, birth_year=1996)
    harness.record(*(f for one in families for f in (one.recorded("2014-01-05"), one.enrolled("2014-06-01"))))
    return families


def move(person: Member, from_: Family, to: Family, day: str) -> tuple[Any, Any]:
    joined = fact(MemberJoined, to.household, day, member=person, reason=JoinReason.MARRIAGE)
    return fact(MemberLeft, from_.household, day, person_id=person.person_id, reason=LeaveReason.MARRIAGE), joined


def test_older_women_come_first_where_more_are_proposed_than_there_are_posts(harness: AssistanceHarness) -> None:
    """M153: two posts are bought; of a woman the year before she is forty and in that year, and of the older first."""
    office = harness.reviewer
    born = (1977, Sex.FEMALE), (1966, Sex.MALE), (1976, Sex.FEMALE), (1960, Sex.FEMALE)
    younger, man, forty, older = families = adults(harness, *born)
    bought = {
        "effective_on": "2016-05-01", "post_kind": "public_post", "division": TOWNSHIP, "employer": "青山村", "job_title": "保洁员",
        "places": 2,
    }  # fmt: skip
    offer = harness.post(office, "/employment/offers", bought).rpartition("/")[2]
    assert harness.get(f"/employment/offers/{offer}/candidates") == []
    for day, one in enumerate(families, 2):
        harness.post(office, f"{of(one.head)}/matches", {"effective_on": f"2016-05-{day:02}", "offer_id": offer})

    def candidates(**asked: Any) -> list[tuple[str, str | None, bool]]:
        found = harness.get(f"/employment/offers/{offer}/candidates", **asked)
        return [(each["person_id"], each["priority"], each["placed"]) for each in found]

    def stand(*placed_by_now: Family) -> list[tuple[str, str | None, bool]]:
        grounds = (older, "older_woman"), (forty, "older_woman"), (younger, None), (man, None)
        return [(str(one.head.person_id), ground, one in placed_by_now) for one, ground in grounds]

    assert candidates() == stand()
    assert candidates(as_of="2016-05-03") == stand()[2:]
    through = {"offer_id": offer}
    for one in (older, forty):
        harness.post(office, f"{of(one.head)}/placements", public(**through))
    assert candidates() == stand(older, forty)
    assert harness.refused(office, f"{of(man.head)}/placements", public(**through)) == (409, "employment_offer_full")
    total = next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "public_post")
    assert (total["persons"], total["women"], total["placements"]) == (2, 2, 2)
    stranger = harness.running.client_for("cadre-9", "990002101201", Role.CADRE)
    assert stranger.get(f"/assistance/employment/offers/{offer}/candidates").status_code == 404


def test_a_public_post_goes_with_its_holder_to_another_household(harness: AssistanceHarness) -> None:
    """The day before the move and its day, in the household left and in the one joined; and what is told late is found."""
    office = harness.reviewer
    left, joined = adults(harness, (1980, Sex.FEMALE), (1981, Sex.MALE))
    placed(harness, left.head, public("2016-05-09", term_ends="2017-05-08"))
    out, in_ = move(left.head, left, joined, "2016-08-01")
    harness.record(out, in_)
    one = (409, "employment_one_post_per_household")
    of_joined = f"{of(joined.pupil)}/placements"
    assert harness.refused(office, of_joined, public("2016-08-01", term_ends="2017-01-01")) == one
    assert harness.refused(office, of_joined, public("2016-07-01", term_ends="2017-01-01")) == one
    short = placed(harness, joined.pupil, public("2016-06-01", term_ends="2016-07-31"))
    of_left = f"{of(left.pupil)}/placements"
    assert harness.refused(office, of_left, public("2016-07-31", term_ends="2016-12-31")) == one
    harness.post(office, of_left, public("2016-08-01", term_ends="2016-12-31"))
    assert harness.get("/employment/several-posts")["items"] == []
    # A second member of the household joined turns out to have moved there, too, with a post of their own.
    third = adults(harness, (1979, Sex.FEMALE))[0]
    other = placed(harness, third.head, public("2016-05-09", term_ends="2017-05-08"))
    ids = harness.record(*move(third.head, third, joined, "2016-09-01"))
    (several,) = harness.get("/employment/several-posts")["items"]
    assert (several["household_id"], several["persons"]) == (str(joined.household), 2)
    assert other in several["placements"]
    assert short not in several["placements"]
    assert harness.get("/employment/several-posts", as_of="2016-05-08")["items"] == []
    # Neither the move out nor the move in was true.
    harness.record(third.annulled("2016-09-01", ids[0]), joined.annulled("2016-09-01", ids[1]))
    assert harness.get("/employment/several-posts")["items"] == []
    assert harness.refused(office, f"{of(third.pupil)}/placements", public("2016-09-02", term_ends="2016-12-31")) == one


def test_wages_are_of_the_household_in_which_they_were_earned(harness: AssistanceHarness) -> None:
    """A move in the middle of a post, told after the wages; and as it was known before."""
    office = harness.reviewer
    left, joined = adults(harness, (1985, Sex.MALE), (1986, Sex.FEMALE))
    post = placed(harness, left.head, placement("2016-05-09"))
    for month in (5, 6, 7, 8):
        wage = {"placement_id": post, "month": f"2016-{month:02}-01", "amount": "2000.00"}
        harness.post(office, f"{of(left.head)}/wages", {"effective_on": f"2016-{month + 1:02}-02", **wage})

    def earned(one: Family, **asked: Any) -> list[tuple[int, str]]:
        found = harness.get(f"/employment/households/{one.household}/earned", **asked)
        return [(each["months"], each["earned"]) for each in found]

    assert (earned(left), earned(joined)) == ([(4, "8000")], [])
    harness.record(*move(left.head, left, joined, "2016-07-01"))
    assert (earned(left), earned(joined)) == ([(2, "4000")], [(2, "4000")])
    assert (earned(left, as_of="2016-06-30"), earned(joined, as_of="2016-07-01")) == ([(2, "4000")], [(1, "2000")])
    harness.post(
        office, f"{of(left.head)}/endings", {"effective_on": "2016-11-30", "placement_id": post, "reason": "ill"}
    )


def test_eighty_more_go_out_to_work_and_earn_four_million(harness: AssistanceHarness) -> None:
    """M157: persons as persons, yuan as yuan, over two years; who came back and went again is one person."""
    office, families = harness.reviewer, adults(harness, *[(1980, Sex.MALE)] * 80)
    out: dict[str, Any] = {"post_kind": "labour_transfer", "employer": "宁波某厂", "destination": "宁波"}
    for number, one in enumerate(families):
        since = date(2015, 1, 5) + timedelta(days=number * 5)
        post = placed(harness, one.head, placement(since.isoformat(), **out))
        wage = {"placement_id": post, "month": "2016-06-01", "amount": "50000.00"}
        harness.post(office, f"{of(one.head)}/wages", {"effective_on": "2016-07-01", **wage})
        if number == 0:
            back = {"effective_on": "2016-07-31", "placement_id": post, "reason": "returned_home"}
            harness.post(office, f"{of(one.head)}/endings", back)
            placed(harness, one.head, placement("2016-08-01", **out))

    def total(**asked: Any) -> tuple[int, int, str]:
        found = harness.get("/employment/totals", division=COUNTY, **asked)
        one = next(t for t in found if t["post_kind"] == "labour_transfer")
        return one["persons"], one["sent_out"], one["earned"]

    assert total(since="2015-01-01", as_of="2016-12-31") == (80, 81, "4000000")
    assert total(since="2015-01-01", as_of="2015-12-31") == (73, 73, "0")
    listed = harness.get("/employment/placements", division=COUNTY, limit=200)["items"]
    assert len([p for p in listed if p["destination"] == "宁波"]) == 81


@pytest.mark.parametrize("kind", ["job", "workshop", "labour_transfer", "investor_job"])
def test_nobody_is_hired_before_sixteen(harness: AssistanceHarness, kind: str) -> None:
    """Labour Law, article 15: the year of the fifteenth birthday, and of the sixteenth."""
    young, old = adults(harness, (2001, Sex.FEMALE), (2000, Sex.FEMALE))
    asked = placement(post_kind=kind, employer="云上旅游公司")
    assert harness.refused(harness.reviewer, f"{of(young.head)}/placements", asked) == (409, "employment_not_eligible")
    placed(harness, old.head, asked)
