"""The staff directory over HTTP: four eyes, levels, joiners, movers and leavers, and who held which post then."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.personal import MASK
from contracts.roles import Role
from tests.registry.households.example_requests import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    record_household,
    registry_with_villages,
)
from tests.support.running import ApiClient, Lika

NAME, HIRED, TODAY = "钱某某", "2014-01-01", "2014-06-01"
COUNTY = TOWNSHIP[:6]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def county(running: Lika) -> ApiClient:
    return running.client_for("county-operator", COUNTY, Role.OPERATOR)


@pytest.fixture
def province(running: Lika) -> ApiClient:
    return running.client_for("province-operator", "99", Role.OPERATOR)


def done(answer: Any) -> str:
    """The ``Location``."""
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def register(operator: ApiClient, *accounts: str) -> str:
    """Path of a new member."""
    return done(operator.post("/registry/staff", {"name": NAME, "accounts": accounts, "effective_on": HIRED}))


def post_form(**more: Any) -> dict[str, Any]:
    return {
        "role": "cadre", "title": "驻村工作队长", "division": VILLAGE, "appointment": "seconded", "effective_on": HIRED,
        **more,
    }  # fmt: skip


def posts_of(client: ApiClient, path: str, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(path, **asked)
    assert answer.status_code == 200, answer.text
    posts: list[dict[str, Any]] = answer.json()["posts"]
    return posts


def test_a_member_is_registered_and_holds_posts_on_some_days(county: ApiClient) -> None:
    member = register(county, "joiner-1")
    done(county.post(f"{member}/posts", post_form(term_ends="2014-05-31")))
    read = county.get(member, as_of="2014-05-31").json()
    assert (read["name"], read["accounts"], [p["title"] for p in read["posts"]]) == (
        MASK, ["joiner-1"], ["驻村工作队长"],
    )  # fmt: skip
    assert posts_of(county, member) == []
    assert posts_of(county, member, as_of="2013-12-31") == []
    assert NAME not in county.get(f"{member}/facts").text


def test_an_account_is_one_persons_however_it_is_written(county: ApiClient, running: Lika) -> None:
    member = register(county, "Zhang3")
    for written in ("zhang3", "ZHANG3", "ＺＨＡＮＧ３"):
        again = county.post("/registry/staff", {"name": NAME, "accounts": [written], "effective_on": HIRED})
        assert code_of(again) == (409, "account_of_another")
    found = county.get("/registry/staff/accounts", account="ｚhang3").json()
    assert found == {"account": "zhang3", "staff_id": member.rpartition("/")[2]}
    # Not handed on, either, once it is no longer used; but free where linking it was wrong.
    done(county.post(f"{member}/account-endings", {"account": "ZHANG3", "effective_on": "2014-03-01"}))
    other = register(county)
    form = {"account": "zhang3", "effective_on": "2014-04-01"}
    assert code_of(county.post(f"{other}/accounts", form)) == (409, "account_of_another")
    acts = list(dict.fromkeys(f["act"] for f in county.get(f"{member}/facts").json()))
    wrong = {"acts": acts, "reason": "误登", "effective_on": TODAY}
    done(county.post(f"{member}/corrections", wrong))
    done(county.post(f"{other}/accounts", form))
    annulment = county.get(f"{member}/facts").json()[-1]["act"]
    restoring = county.post(f"{member}/corrections", {**wrong, "acts": [annulment]})
    assert code_of(restoring) == (409, "account_of_another")


@pytest.mark.parametrize("account", ["lika", "Timer", "ＬＩＫＡ", "auditor", "张三", "two words", ""])
def test_reserved_names_and_what_is_no_account_are_refused(county: ApiClient, account: str) -> None:
    answer = county.post("/registry/staff", {"name": NAME, "accounts": [account], "effective_on": HIRED})
    assert answer.status_code == 422
    assert answer.json()["code"] == ("account_unusable" if account else "malformed")


def test_nobody_enters_their_own_post_or_account(county: ApiClient, province: ApiClient, running: Lika) -> None:
    own = {"name": NAME, "accounts": ["County-Operator"], "effective_on": HIRED}
    assert code_of(county.post("/registry/staff", own)) == (409, "own_staff_record")
    member = done(province.post("/registry/staff", {**own, "accounts": ["operator-x"]}))
    itself = running.client_for("OPERATOR-X", COUNTY, Role.OPERATOR)
    assert code_of(itself.post(f"{member}/posts", post_form())) == (409, "own_staff_record")
    # Nor through a record of somebody made up.
    made_up = register(county)
    link = {"account": "county-operator", "effective_on": HIRED}
    assert code_of(county.post(f"{made_up}/accounts", link)) == (409, "own_staff_record")
    done(county.post(f"{member}/posts", post_form()))


def last_act(client: ApiClient, member: str) -> dict[str, Any]:
    """The correction that annuls what was entered last, or restores what that annulled."""
    return {"acts": [client.get(f"{member}/facts").json()[-1]["act"]], "reason": "登记有误", "effective_on": HIRED}


def annulled(client: ApiClient, member: str) -> dict[str, Any]:
    """What was entered last is annulled; the correction that restores it."""
    done(client.post(f"{member}/corrections", last_act(client, member)))
    return last_act(client, member)


def test_nobody_restores_an_account_or_a_deputyship_of_their_own(county: ApiClient, running: Lika) -> None:
    second, deputy = (running.client_for(name, COUNTY, Role.OPERATOR) for name in ("operator-2", "operator-3"))
    member, other = register(second, "member-r"), register(second, "operator-3")
    done(second.post(f"{member}/accounts", {"account": "county-operator", "effective_on": HIRED}))
    restoring = annulled(second, member)
    assert code_of(county.post(f"{member}/corrections", restoring)) == (409, "own_staff_record")
    done(second.post(f"{member}/posts", post_form()))
    (post,) = posts_of(second, member)
    delegation = {
        "effective_on": HIRED, "until": TODAY, "post_ids": [post["post_id"]], "deputy": other.rpartition("/")[2],
        "ordered_by": member.rpartition("/")[2],
    }  # fmt: skip
    done(second.post(f"{member}/delegations", delegation))
    restoring = annulled(second, member)
    assert code_of(deputy.post(f"{member}/corrections", restoring)) == (409, "own_staff_record")
    done(second.post(f"{member}/corrections", restoring))


def test_what_was_entered_of_a_member_elsewhere_is_not_annulled_from_here(county: ApiClient, running: Lika) -> None:
    member = register(county)
    done(county.post(f"{member}/posts", post_form()))
    done(county.post(f"{member}/absences", {"effective_on": HIRED, "until": TODAY}))
    beside = running.client_for("other-operator", "990002", Role.OPERATOR)
    correction = last_act(county, member)
    assert code_of(beside.post(f"{member}/corrections", correction)) == (404, "not_found")
    # Whether there is such an act is nothing to tell there, either.
    unknown = {**correction, "acts": [str(uuid4())]}
    assert code_of(beside.post(f"{member}/corrections", unknown)) == (404, "not_found")
    done(county.post(f"{member}/corrections", correction))


def test_posts_are_entered_from_the_level_above(county: ApiClient, province: ApiClient, running: Lika) -> None:
    member = register(county)
    township = running.client_for("township-operator", TOWNSHIP, Role.OPERATOR)
    # Below the county nobody keeps a directory, and is told so alike of whoever is on it and of whoever is not.
    nobody = f"/registry/staff/{uuid4()}"
    posts = [f"{who}/posts/{uuid4()}/leavings" for who in (member, nobody)]
    reviewer = running.client_for("township-reviewer", TOWNSHIP, Role.REVIEWER)
    confirmed = {"effective_on": HIRED, "holds": True}
    for answer in (
        *(township.post(f"{who}/posts", post_form()) for who in (member, nobody)),
        *(township.post(path, {"effective_on": HIRED, "reason": "transferred"}) for path in posts),
        reviewer.post(f"/registry/staff/posts/{uuid4()}/recertifications", confirmed),
    ):
        assert code_of(answer) == (403, "post_needs_level_above")
    beside = running.client_for("other-operator", "990002", Role.OPERATOR)
    assert code_of(beside.post(f"{member}/posts", post_form())) == (404, "not_found")
    at_county = post_form(role="reviewer", title="县扶贫办股长", division=COUNTY)
    assert code_of(county.post(f"{member}/posts", at_county)) == (403, "post_needs_level_above")
    assert code_of(province.post(f"{member}/posts", at_county)) == (409, "post_in_unknown_division")
    body = {"code": COUNTY, "level": "county", "name": "样例县", "effective_on": "2014-01-01"}
    done(province.post("/registry/divisions", body))
    done(province.post(f"{member}/posts", at_county))
    # Whoever holds a post of the county gets no account from the county.
    link = {"account": "somebody-new", "effective_on": HIRED}
    assert code_of(county.post(f"{member}/accounts", link)) == (403, "post_needs_level_above")
    cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)
    assert code_of(cadre.post(f"{member}/posts", post_form())) == (403, "role_not_allowed")


def test_movers_and_leavers_and_the_area_that_reads_them(county: ApiClient, running: Lika) -> None:
    member = register(county, "mover-1")
    done(county.post(f"{member}/posts", post_form()))
    (first,) = posts_of(county, member)
    left = {"effective_on": "2014-05-01", "reason": "transferred"}
    done(county.post(f"{member}/posts/{first['post_id']}/leavings", left))
    done(county.post(f"{member}/posts", post_form(division=f"{OTHER_TOWNSHIP}201", effective_on="2014-05-01")))
    assert [p["division"] for p in posts_of(county, member, as_of="2014-04-30")] == [VILLAGE]
    assert [p["division"] for p in posts_of(county, member)] == [f"{OTHER_TOWNSHIP}201"]
    # Both areas know them; a third does not.
    for area, status in ((VILLAGE, 200), (OTHER_TOWNSHIP, 200), (f"{TOWNSHIP}202", 404), ("990002", 404)):
        assert running.client_for("cadre-1", area, Role.CADRE).get(member).status_code == status
    assert county.get(f"/registry/staff/{uuid4()}").status_code == 404
    assert running.client_for("service-1", "", Role.SERVICE).get(member).status_code == 403


def test_a_division_lists_who_held_which_post_on_a_day(county: ApiClient, running: Lika) -> None:
    division = f"{TOWNSHIP}203"
    body = {"code": division, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    done(running.client_for("operator-1", "", Role.OPERATOR).post("/registry/divisions", body))
    secretary, deputy = register(county, "secretary"), register(county, "deputy")
    done(county.post(f"{secretary}/posts", post_form(title="村支书", division=division, appointment="elected")))
    (post,) = posts_of(county, secretary)
    away = {"effective_on": "2014-05-20", "until": "2014-06-10"}
    done(county.post(f"{secretary}/absences", away))
    ids = {path: path.rpartition("/")[2] for path in (secretary, deputy)}
    delegation = {
        **away, "post_ids": [post["post_id"]], "deputy": ids[deputy], "ordered_by": ids[secretary],
    }  # fmt: skip
    assert code_of(county.post(f"{secretary}/delegations", {**delegation, "deputy": str(UUID(int=9))})) == (
        404,
        "not_found",
    )
    done(county.post(f"{secretary}/delegations", delegation))

    def listed(**asked: Any) -> list[tuple[str, str | None, list[str]]]:
        page = county.get("/registry/staff/posts", division=division, **asked).json()
        assert {item["name"] for item in page["items"]} <= {MASK}
        return [(i["post"]["title"], i["absent_until"], i["deputies"]) for i in page["items"]]

    assert listed() == [("村支书", "2014-06-10", [ids[deputy]])]
    assert listed(as_of="2014-05-19") == [("村支书", None, [])]
    assert listed(as_of="2013-12-31") == []
    assert listed(known_at="2014-05-31") == []
    assert [p["title"] for p in county.get(deputy).json()["standing_in"]] == ["村支书"]


def test_a_long_list_comes_in_pages(county: ApiClient) -> None:
    member = register(county)
    for number in range(5):
        done(county.post(f"{member}/posts", post_form(title=f"岗位{number}", division=f"{OTHER_TOWNSHIP}201")))
    titles: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = county.get("/registry/staff/posts", division=OTHER_TOWNSHIP, limit=2, **cursor).json()
        titles += [item["post"]["title"] for item in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert sorted(t for t in titles if t.startswith("岗位")) == [f"岗位{n}" for n in range(5)]
    assert len(titles) == len(set(titles)) or titles.count("驻村工作队长") > 1


def test_a_households_facts_say_which_post_was_held_when_they_were_entered(county: ApiClient, running: Lika) -> None:
    cadre = running.client_for("Entering-Cadre", VILLAGE, Role.CADRE)
    member = register(county, "entering-cadre")
    done(county.post(f"{member}/posts", post_form()))
    done(county.post(f"{member}/posts", post_form(title="前任职务", effective_on="2013-01-01", term_ends="2014-05-31")))
    household = record_household(cadre)
    (fact,) = cadre.get(f"{household}/facts").json()
    assert (fact["entered_by"], fact["entered_by_posts"]) == (
        "entering-cadre",
        [{"name": MASK, "title": "驻村工作队长", "division": VILLAGE, "standing_in": False}],
    )


def test_a_token_is_compared_with_the_directory(county: ApiClient, running: Lika) -> None:
    member = register(county, "compared")
    done(county.post(f"{member}/posts", post_form()))
    fits, beyond = (
        running.client_for("compared", area, *roles).get("/registry/staff/comparison").json()
        for area, roles in ((VILLAGE, [Role.CADRE]), (TOWNSHIP, [Role.CADRE, Role.REVIEWER]))
    )
    assert (fits["known"], fits["uncovered"], fits["unclaimed"]) == (True, [], [])
    assert (beyond["uncovered"], beyond["unclaimed"]) == (["cadre", "reviewer"], [])
    unknown = running.client_for("stranger-1", VILLAGE, Role.CADRE).get("/registry/staff/comparison").json()
    assert (unknown["known"], unknown["uncovered"]) == (False, ["cadre"])


def test_a_refused_command_leaves_no_trace(county: ApiClient, running: Lika) -> None:
    auditor = running.client_for("auditor-1", "", Role.AUDITOR)
    member = register(county)
    before = auditor.get("/registry/log/head").json()["position"]
    early = post_form(effective_on="2014-02-01", term_ends="2014-01-31")
    assert code_of(county.post(f"{member}/posts", early)) == (409, "term_ends_before_it_begins")
    assert auditor.get("/registry/log/head").json()["position"] == before


def test_no_name_reaches_the_log(county: ApiClient, running: Lika) -> None:
    register(county)
    auditor = running.client_for("auditor-1", "", Role.AUDITOR)
    head = auditor.get("/registry/log/head").json()["position"]
    pages = [auditor.get(f"/registry/log/entries/{page}").text for page in range(head // 256 + 1)]
    assert any("StaffRegistered" in page for page in pages)
    assert not [page for page in pages if NAME in page]
