"""Work over HTTP: from an order-type course to a job kept for six months, public-welfare posts, and the hand-over of who works
elsewhere."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from contracts.registry.members import MemberDied, Sex
from tests.assistance.employment.placements import START, family, of, placed, placement, public, trained
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family, assistance_harness, fact

"""The house's clock; what is told happened before."""


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("employment"), START) as started:
        yield started


def test_from_a_course_to_a_job_that_is_kept_for_six_months(harness: AssistanceHarness) -> None:
    """M146, M152, R36: through a fair's offer; the day before the certificate, its day, the day after."""
    office, one = harness.reviewer, family(harness)
    assert harness.get(of(one.head))["placements"] == []  # nothing is told of them yet
    course = trained(harness, one, certified="2016-05-09")
    offer = harness.post(
        office, "/employment/offers",
        {
            "effective_on": "2016-05-01", "post_kind": "job", "division": TOWNSHIP, "employer": "县电机厂", "job_title": "装配工",
            "places": 1, "wage": "2400.00", "fair": "春风行动招聘会",
        },
    ).rpartition("/")[2]  # fmt: skip
    through = {"offer_id": offer, "course_id": course}
    harness.post(office, f"{of(one.head)}/matches", {"effective_on": "2016-05-02", "offer_id": offer})
    assert harness.refused(office, f"{of(one.head)}/placements", placement("2016-05-08", **through)) == (
        409,
        "employment_before_certificate",
    )
    kept_id = placed(harness, one.head, placement("2016-05-09", **through))
    other = family(harness)
    assert harness.refused(office, f"{of(other.head)}/placements", placement("2016-05-10", offer_id=offer)) == (
        409,
        "employment_offer_full",
    )
    assert harness.refused(office, f"{of(other.head)}/placements", placement("2016-05-10", course_id=course)) == (
        409,
        "employment_not_a_trainee",
    )
    for months, too_early, first_day in ((3, "2016-08-08", "2016-08-09"), (6, "2016-11-08", "2016-11-09")):
        asked = {"placement_id": kept_id, "months": months}
        assert harness.refused(office, f"{of(one.head)}/kept", {"effective_on": too_early, **asked}) == (
            409,
            "employment_kept_too_early",
        )
        harness.post(office, f"{of(one.head)}/kept", {"effective_on": first_day, **asked})
    wage = {"placement_id": kept_id, "month": "2016-06-01", "amount": "2400.00"}
    assert harness.refused(office, f"{of(one.head)}/wages", {"effective_on": "2016-06-30", **wage}) == (
        409,
        "employment_month_outside_placement",
    )
    harness.post(office, f"{of(one.head)}/wages", {"effective_on": "2016-07-01", **wage})
    assert harness.refused(office, f"{of(one.head)}/wages", {"effective_on": "2016-07-02", **wage}) == (
        409,
        "employment_month_told_already",
    )
    (told,) = harness.get(of(one.head))["placements"]
    assert (told["kept"], told["course_id"], told["months"]) == (
        [3, 6],
        course,
        [{"month": "2016-06-01", "days": None, "earned": "2400"}],
    )
    assert harness.get(f"/employment/households/{one.household}/earned") == [
        {"person_id": str(one.head.person_id), "year": 2016, "months": 1, "earned": "2400"}
    ]
    (listed,) = [p for p in harness.get("/employment/placements")["items"] if p["placement_id"] == kept_id]
    assert (listed["kept_months"], listed["earned"]) == (6, "2400")
    (offered,) = [o for o in harness.get("/employment/offers")["items"] if o["offer_id"] == offer]
    assert (offered["places"], offered["placed"], offered["fair"]) == (1, 1, "春风行动招聘会")
    before = harness.get("/employment/totals", division=COUNTY, as_of="2016-11-08")
    assert next(t for t in before if t["post_kind"] == "job")["kept_six_months"] == 0
    assert (
        next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "job")[
            "kept_six_months"
        ]
        == 1
    )


def test_one_public_post_for_each_household(harness: AssistanceHarness) -> None:
    """M153: no relative of a village cadre, a term, one for each household, and days by the month."""
    office, one = harness.reviewer, family(harness)
    path = f"{of(one.head)}/placements"
    assert harness.refused(office, path, public(proved=[])) == (409, "employment_not_eligible")
    assert harness.refused(office, path, public(evidence=[])) == (409, "employment_papers_missing")
    assert harness.refused(office, path, public(term_ends=None)) == (409, "employment_term_missing")
    # Thirty-six months from 9 May 2016 end on 8 May 2019.
    assert harness.refused(office, path, public(term_ends="2019-05-09")) == (409, "employment_term_too_long")
    post = placed(harness, one.head, public(term_ends="2019-05-08"))
    assert harness.refused(office, f"{of(one.pupil)}/placements", public("2016-06-01")) == (
        409,
        "employment_one_post_per_household",
    )
    attended = {"placement_id": post, "month": "2016-05-01"}
    # From the ninth to the last of May there are 23 days.
    assert harness.refused(
        office, f"{of(one.head)}/post-attendance", {"effective_on": "2016-06-01", **attended, "days": 24}
    ) == (
        409,
        "employment_more_days_than_held",
    )
    harness.post(office, f"{of(one.head)}/post-attendance", {"effective_on": "2016-06-01", **attended, "days": 23})
    ending = {"effective_on": "2016-06-30", "placement_id": post, "reason": "other_job"}
    harness.post(office, f"{of(one.head)}/endings", ending)
    assert harness.refused(office, f"{of(one.pupil)}/placements", public("2016-06-30")) == (
        409,
        "employment_one_post_per_household",
    )
    placed(harness, one.pupil, public("2016-07-01"))
    total = next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "public_post")
    assert (total["persons"], total["women"], total["households"], total["days_attended"]) == (2, 1, 1, 23)


@pytest.mark.parametrize(("born", "refused"), [(1977, "too_young"), (1976, None), (1963, None), (1962, "too_old")])
def test_who_is_helped_as_4050_is_between_forty_and_fifty_three(
    harness: AssistanceHarness, born: int, refused: str | None
) -> None:
    """M154, by the year of birth."""
    one = family(harness, born)
    answer = harness.reviewer.post(f"/assistance{of(one.head)}/placements", placement(post_kind="aid_4050"))
    assert answer.status_code == (409 if refused else 201), answer.text
    if refused:
        assert answer.json()["facts"]["reasons"] == [refused]


def test_nobody_is_in_two_full_time_posts_on_one_day(harness: AssistanceHarness) -> None:
    """The last day in one, and the day after; one that is told late, and one that is annulled."""
    office, one = harness.reviewer, family(harness)
    first = placed(harness, one.head, placement("2016-05-09"))
    path = f"{of(one.head)}/placements"
    assert harness.refused(office, path, placement("2016-08-01")) == (409, "employment_two_full_time_posts")
    harness.post(
        office, f"{of(one.head)}/endings", {"effective_on": "2016-07-31", "placement_id": first, "reason": "other_job"}
    )
    assert harness.refused(office, path, placement("2016-07-31")) == (409, "employment_two_full_time_posts")
    harness.post(office, path, placement("2016-08-01"))
    assert harness.refused(office, path, placement("2016-05-01")) == (409, "later_entries_rest_on_it")
    entry = f"assistance/work-{one.head.person_id}/2"
    void = {"effective_on": "2016-07-31", "facts": [entry], "reason": "误录入"}
    assert harness.refused(office, f"{of(one.head)}/annulments", void) == (409, "later_entries_rest_on_it")


def test_who_works_elsewhere_is_handed_over(harness: AssistanceHarness) -> None:
    """M082, M157, M162: out, accepted there, tutored, and back."""
    office, one = harness.reviewer, family(harness)
    here = placed(harness, one.pupil, placement(post_kind="workshop"))
    harness.post(
        office, f"{of(one.pupil)}/tutors", {"effective_on": "2016-05-10", "placement_id": here, "tutor": "高级技工"}
    )
    over = {"effective_on": "2016-05-12", "to_organisation": "宁波市总工会"}
    assert harness.refused(office, f"{of(one.pupil)}/hand-overs", {**over, "placement_id": here}) == (
        409,
        "employment_not_sent_out",
    )
    out = placed(harness, one.head, placement(post_kind="labour_transfer", destination="宁波"))
    accepted = {"effective_on": "2016-05-13", "placement_id": out, "contact": "困难职工帮扶中心"}
    assert harness.refused(office, f"{of(one.head)}/hand-over-acceptances", accepted) == (
        409,
        "employment_not_handed_over",
    )
    harness.post(office, f"{of(one.head)}/hand-overs", {**over, "placement_id": out})
    harness.post(office, f"{of(one.head)}/hand-over-acceptances", accepted)
    (told,) = harness.get(of(one.head))["placements"]
    assert (told["handed_to"], told["contact"], told["until"]) == ("宁波市总工会", "困难职工帮扶中心", None)
    back = {"effective_on": "2016-11-30", "placement_id": out, "reason": "returned_home"}
    harness.post(office, f"{of(one.head)}/endings", back)
    total = next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "labour_transfer")
    assert (total["persons"], total["sent_out"]) == (1, 1)


def test_a_death_ends_what_runs_and_its_annulment_restores_it(harness: AssistanceHarness) -> None:
    office, one = harness.reviewer, family(harness)
    post = placed(harness, one.head, public())
    asked = {"effective_on": "2016-08-09", "placement_id": post, "months": 3}
    harness.post(office, f"{of(one.head)}/kept", asked)
    (died,) = harness.record(fact(MemberDied, one.household, "2016-08-01", person_id=one.head.person_id))
    told = harness.get(of(one.head))
    assert (told["died_on"], told["placements"][0]["until"], told["placements"][0]["kept"]) == (
        "2016-08-01",
        "2016-08-01",
        [],
    )
    assert [c["because"] for c in told["contradictions"]] == ["employment_worker_died"]
    harness.post(office, f"{of(one.pupil)}/placements", public("2016-08-02"))
    harness.record(one.annulled("2016-08-01", died))
    told = harness.get(of(one.head))
    assert (told["died_on"], told["placements"][0]["kept"], told["contradictions"]) == (None, [3], [])


def test_a_business_is_started(harness: AssistanceHarness) -> None:
    """M150, M160."""
    one = family(harness)
    form = {
        "effective_on": "2016-05-09",
        "business": "刺绣作坊",
        "trade": "刺绣",
        "jobs": 3,
        "support": "poverty_micro_credit",
    }
    harness.post(harness.reviewer, f"{of(one.head)}/businesses", form)
    (told,) = harness.get(of(one.head))["businesses"]
    assert (told["business"], told["jobs"], told["support"]) == ("刺绣作坊", 3, "poverty_micro_credit")
    total = next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "business")
    assert (total["persons"], total["businesses"]) == (1, 1)


def test_an_investor_hires_from_forty_households(harness: AssistanceHarness) -> None:
    """M163: one offer with forty places; the forty-first finds none, and one that is given up is free the day after."""
    office, families = harness.reviewer, [Family.new() for _ in range(41)]
    for one in families:
        one.head = msgspec.structs.replace(one.head, birth_year=1980, sex=Sex.FEMALE)
    harness.record(*(f for one in families for f in (one.recorded("2014-01-05"), one.enrolled("2014-06-01"))))
    form = {
        "effective_on": "2016-05-01", "post_kind": "investor_job", "division": TOWNSHIP, "employer": "云上旅游公司",
        "job_title": "保洁员", "places": 40,
    }  # fmt: skip
    offer = harness.post(office, "/employment/offers", form).rpartition("/")[2]
    hired = placement(post_kind="investor_job", employer="云上旅游公司", offer_id=offer)
    for one in families[:40]:
        harness.post(office, f"{of(one.head)}/placements", hired)
    last = f"{of(families[40].head)}/placements"
    assert harness.refused(office, last, hired) == (409, "employment_offer_full")
    first = harness.get(of(families[0].head))["placements"][0]["placement_id"]
    ending = {"effective_on": "2016-06-30", "placement_id": first, "reason": "ill"}
    harness.post(office, f"{of(families[0].head)}/endings", ending)
    assert harness.refused(office, last, {**hired, "effective_on": "2016-06-30"}) == (409, "employment_offer_full")
    total = next(t for t in harness.get("/employment/totals", division=COUNTY) if t["post_kind"] == "investor_job")
    assert (total["persons"], total["women"], total["households"]) == (40, 40, 40)
    harness.post(office, last, {**hired, "effective_on": "2016-07-01"})
    harness.post(office, f"/employment/offers/{offer}/closing", {"effective_on": "2016-07-02", "reason": "招满"})
    match = {"effective_on": "2016-07-02", "offer_id": offer}
    assert harness.refused(office, f"{of(families[0].head)}/matches", match) == (409, "employment_offer_not_open")
    harness.post(office, f"{of(families[0].head)}/matches", {**match, "effective_on": "2016-07-01"})
