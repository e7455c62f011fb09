"""Ledgers and registers that are kept of a village: entries by their classes, what rests on them, and what is only claimed."""

from typing import Any

from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import VILLAGE
from tests.support.running import ApiClient

PLACE = {"kind": "division", "place": VILLAGE}
RECORDS, COUNTS = "/records", "/records/counts"


def counted(county: CareCounty, kind: str, reader: ApiClient | None = None) -> int:
    return sum(c["records"] for c in county.harness.get(COUNTS, reader or county.cadre, kind=kind)["counts"])


def codes(county: CareCounty, kind: str) -> list[tuple[str, ...]]:
    """The choices of each record of a kind, in order of entry."""
    found = county.harness.get(RECORDS, county.cadre, kind=kind, division=VILLAGE)["items"]
    return [tuple(each["text"] for each in record["values"] if each["text"] not in (None, "***")) for record in found]


def test_a_stationed_team_keeps_four_ledgers_that_feed_its_project_applications(county: CareCounty) -> None:
    """M016: people's situation, lead farmers, poor households, projects to apply for and planned."""
    entry = county.form("stationed_ledger", PLACE, ledger="diary", entry="缺水")
    assert county.refusal(RECORDS, entry) == "record_something_comes_first"
    county.tell("stationed_survey", PLACE, topic="产业", findings="缺水")
    for ledger in ("diary", "leaders", "poor"):
        county.tell("stationed_ledger", PLACE, ledger=ledger, entry="台账")
    assert county.refusal(RECORDS, county.form("stationed_ledger", PLACE, ledger="projects", entry="渠")) == (
        "record_choice_not_listed"
    )
    application = county.form(
        "stationed_project_application", PLACE, project="水渠", applied_to="水利局", money="120000"
    )
    assert county.refusal(RECORDS, application) == "record_something_comes_first"
    for project, stage in (("水渠", "to_apply"), ("茶园", "planned")):
        county.tell("stationed_project_ledger", PLACE, project=project, stage=stage, money="120000")
    county.post(RECORDS, application)
    county.post(RECORDS, application)
    # A third stands in no ledger; of the two the sums are told, and of the ledger its classes.
    assert county.refusal(RECORDS, application) == "record_something_comes_first"
    assert county.totals("stationed_project_application") == {"money": (2, 1, "240000.00")}
    assert sorted(codes(county, "stationed_ledger")) == [("diary",), ("leaders",), ("poor",)]
    assert sorted(codes(county, "stationed_project_ledger")) == [("planned",), ("to_apply",)]


def test_a_village_union_is_founded_step_by_step_and_first_where_a_fifth_are_away(county: CareCounty) -> None:
    """M230, R74: applied for, a group, a report, the county union's approval; from a fifth of those able to work on."""
    village = county.village_cadre

    def asked(kind: str, **values: str) -> dict[str, Any]:
        return dict(county.form(kind, PLACE, **values))

    for away, refused in (("199", True), ("200", False)):
        applied = village.post(f"/assistance{RECORDS}", asked("union_application", residents="1000", away=away))
        assert (applied.status_code == 409) is refused, applied.text
        if refused:
            assert (applied.json()["code"], applied.json()["facts"]) == (
                "record_share_too_small",
                {"shares": ["away residents 20"]},
            )
    nobody = village.post(f"/assistance{RECORDS}", asked("union_application", residents="0", away="0"))
    assert nobody.json()["code"] == "record_share_too_small"
    steps = (("union_group", {"members": "5"}), ("union_report", {"members": "86", "women": "41"}))
    assert county.refusal(RECORDS, asked(*steps[1][:1], **steps[1][1]), village) == "record_something_comes_first"
    for kind, values in steps:
        assert village.post(f"/assistance{RECORDS}", asked(kind, **values)).status_code == 201
    approval = asked("union_approved", women_body="founded")
    assert county.refusal(RECORDS, approval, village) == "record_of_another_office"
    county.post(RECORDS, approval, county.office)
    # Of one application there is one union: another is applied for anew.
    assert county.refusal(RECORDS, approval, county.office) == "record_something_comes_first"
    assert counted(county, "union_approved") == 1
    assert county.totals("union_report")["women"] == (1, 1, "41.00")


def test_resources_are_surveyed_and_kept_by_their_class(county: CareCounty) -> None:
    """M048: an association's survey."""
    surveyed: dict[str, Any] = {"surveyed_by": "乡村旅游协会"}
    county.tell("tourism_resource", PLACE, resource="瀑布", type="scenery", **surveyed)
    county.tell("tourism_resource", PLACE, resource="农家乐", type="lodging", beds="24", **surveyed)
    nobodys = county.form("tourism_resource", PLACE, resource="古桥", type="culture")
    assert county.refusal(RECORDS, nobodys) == "record_field_missing"
    assert sorted(codes(county, "tourism_resource")) == [("lodging",), ("scenery",)]
    assert county.totals("tourism_resource") == {"beds": (1, 1, "24.00")}


def test_what_somebody_claims_to_have_brought_stays_a_claim_with_its_source(county: CareCounty) -> None:
    """B50: 400 yuan from tobacco, 200 from embroidery, 116 yuan of cost a mu."""
    claims = (
        ("烟叶", "income_up", "400", "head_year"),
        ("刺绣", "income_up", "200", "head_year"),
        ("水稻", "cost_down", "116", "mu"),
    )
    for what, effect, amount, per in claims:
        told = {"what": what, "effect": effect, "amount": amount, "per": per}
        assert county.refusal(RECORDS, county.form("income_effect_claimed", PLACE, **told)) == "record_field_missing"
        county.tell("income_effect_claimed", PLACE, claimed_in="工作总结", **told)
    assert sorted(codes(county, "income_effect_claimed")) == sorted((effect, per) for _, effect, _, per in claims)
    assert counted(county, "income_effect_claimed") == 3
    # It is said of a place: of a household, whose income would seem to follow, no such record is kept.
    household = county.form(
        "income_effect_claimed", county.household(), what="烟叶", effect="income_up", amount="400", per="mu"
    )
    assert county.refusal(RECORDS, household) == "record_subject_of_other_kind"


def test_a_woman_worker_is_checked_under_the_contract_of_her_union(county: CareCounty) -> None:
    """M143: worker and day; how many is due by when is a clause of the contract."""
    worker = county.party("worker", "w-143")
    check = county.form(
        "womens_health_check", worker, BEGIN, contract_no="集〔2016〕1号", site="县妇幼保健院", result="无异常"
    )
    county.post(RECORDS, check)
    assert county.refusal(RECORDS, check) == "record_made_already_that_day"
    # What was found is for an office above the cadre's.
    reviewer = county.harness.reviewer
    assert (counted(county, "womens_health_check"), counted(county, "womens_health_check", reviewer)) == (0, 1)


def test_a_resource_room_is_opened_in_an_ordinary_school(county: CareCounty) -> None:
    """M124: one room for special education; its money is a target and a project of monitoring's."""
    school = county.party("school", "样例小学")
    county.tell("facility_opened", school, facility="resource_room", place="一楼东", cost="100000")
    assert ("resource_room",) in codes(county, "facility_opened")


def test_a_womens_home_is_opened_and_marked_with_one_of_three_grades(county: CareCounty) -> None:
    """M102: which townships have how many, the county's counts say; a year without a grade is overdue by the site's duty."""
    home = county.party("site", "样例村妇女之家")
    county.tell("womens_home_opened", home, place="村委会一楼")
    of = {"kind": "womens_home_opened", "by": "division"}
    (by_township,) = county.harness.get(COUNTS, county.cadre, **of)["counts"]
    assert (by_township["division"], by_township["records"]) == (VILLAGE[:9], 1)
    assert county.refusal(RECORDS, county.form("site_grading", home, grade="fourth")) == "record_choice_not_listed"
    county.tell("site_grading", home, grade="first")
    assert county.owed("site_graded", home, as_of="2017-01-11")[0][3] == "met"
