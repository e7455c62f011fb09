"""A county's staff as a workbook: members, posts and deputies, row by row, by the rules of the directory."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from contracts.casework.directory import StaffListImported
from contracts.roles import Role
from services.casework.workbooks.importing import importer as importing
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.unit import Unit
from tests.casework.directory.staff_books import POSTS, book, post
from tests.casework.workbooks.sheets import book_of
from tests.registry.households.example_requests import NEIGHBOUR, TOWNSHIP, VILLAGE, registry_with_villages
from tests.registry.intake.example_workbooks import content_of
from tests.support.running import ApiClient, Lika

COUNTY, WORKBOOKS = TOWNSHIP[:6], "/registry/staff/workbooks"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def county(running: Lika) -> ApiClient:
    return running.client_for("county-operator", COUNTY, Role.OPERATOR)


def send(client: ApiClient, file: bytes, *, key: str | None = None, dry_run: bool = False) -> dict[str, Any]:
    answer = client.post(WORKBOOKS, key=key, content=file, params={"dry_run": dry_run})
    assert answer.status_code == (200 if dry_run else 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def owner(client: ApiClient, account: str) -> dict[str, Any]:
    staff_id = client.get("/registry/staff/accounts", account=account).json()["staff_id"]
    found: dict[str, Any] = client.get(f"/registry/staff/{staff_id}", as_of="2014-05-01").json()
    return found


def errors(answer: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(e["sheet"], e["row"], e["code"]) for e in answer["errors"]]


def test_members_posts_and_who_stands_in_are_taken_in_and_known_again(running: Lika, county: ApiClient) -> None:
    file = book(
        [("X1", "赵某某", "list-1、list-2", "2013-12-01"), ("X2", "孙某某", "list-3", None)],
        [
            post("X1"),
            post("X1", "驻村工作队员", how="选派", ends="2099-12-31"),
            post("X2", "乡扶贫专干", NEIGHBOUR, how="任命"),
        ],
        [("X1", "村支书", VILLAGE, "X2", "2014-03-01", "2014-06-01", "X2")],
    )
    tried = send(county, file, dry_run=True)
    assert (tried["recorded"], tried["errors"], tried["batch_id"]) == (3, [], None)
    assert county.get("/registry/staff/accounts", account="list-1").status_code == 404
    taken = send(county, file)
    assert (taken["subjects_seen"], taken["rows_seen"], taken["recorded"], taken["errors"]) == (3, 6, 3, [])
    first, second = owner(county, "list-2"), owner(county, "list-3")
    assert (first["staff_no"], first["accounts"]) == ("X1", ["list-1", "list-2"])
    assert [p["title"] for p in first["posts"]] == ["村支书", "驻村工作队员"]
    assert [p["title"] for p in second["standing_in"]] == ["村支书"]
    facts = running.services["registry"].store.stream(f"staff_list-{taken['batch_id']}")
    assert isinstance(facts[0].fact, StaffListImported)
    assert facts[0].fact.recorded == 3
    assert send(county, file)["unchanged"] == 3
    left = book([("X1", "赵某某", None, None)], [post("X1", left="2014-05-31", why="落选")])
    assert (send(county, left)["updated"], owner(county, "list-1")["posts"][0]["left_on"]) == (1, None)
    path = f"/registry/staff/{first['staff_id']}"
    assert [p["title"] for p in county.get(path, as_of="2014-05-31").json()["posts"]] == ["驻村工作队员"]


def test_each_row_that_is_wrong_keeps_its_member_out_and_no_other(county: ApiClient) -> None:
    file = book(
        [
            ("Y1", "周某某", "list-11", None), ("Y2", "吴某某", "list-12", None), ("Y2", "郑某某", None, None),
            ("Y3", "王某某", "county-operator", None), ("Y4", "冯某某", "list-14", None), ("Y5", "陈某某", "list-11", None),
        ],
        [
            post("Y4"), post("Y4", "乡长", "990002101"), post("Y9"), post("Y1", left="2014-05-01"),
            post("Y4", "县扶贫办主任", COUNTY, how="任命"), post("Y3", role="村霸"),
        ],
        [("Y4", "村支书", VILLAGE, "Y8", "2014-03-01", "2014-06-01", "Y4")],
    )  # fmt: skip
    answer = send(county, file)
    assert (answer["recorded"], answer["refused"]) == (0, 7)
    assert errors(answer) == [
        ("人员表", 3, "staff_list_account_twice"),
        ("人员表", 4, "staff_list_number_twice"),
        ("人员表", 5, "staff_list_number_twice"),
        ("人员表", 8, "staff_list_account_twice"),
        ("任职表", 3, "staff_list_outside_area"),
        ("任职表", 4, "staff_list_post_without_member"),
        ("任职表", 5, "staff_list_leaving_incomplete"),
        ("任职表", 6, "post_needs_level_above"),
        ("任职表", 7, "workbook_unknown_label"),
        ("代理表", 2, "staff_list_unknown_number"),
        ("代理表", 2, "staff_list_unknown_number"),
        ("代理表", 2, "staff_list_unknown_number"),
    ]
    assert county.get("/registry/staff/accounts", account="list-14").status_code == 404


def test_nobody_enters_themselves_and_a_number_is_one_persons(county: ApiClient) -> None:
    assert send(county, book([("Z1", "褚某某", "list-21", None)], [post("Z1")]))["recorded"] == 1
    file = book(
        [("Z1", "卫某某", None, None), ("Z2", "蒋某某", "list-21", None), ("Z3", "沈某某", "county-operator", None)],
        [post("Z2", since="2014-02-01")],
    )
    assert errors(send(county, file, dry_run=True)) == [
        ("人员表", 3, "staff_list_name_differs"),
        ("人员表", 4, "account_of_another"),
        ("人员表", 5, "own_staff_record"),
    ]
    other_term = book([("Z1", "褚某某", None, None)], [post("Z1", ends="2016-12-31")])
    assert errors(send(county, other_term)) == [("任职表", 2, "staff_list_post_differs")]
    taken = county.post("/registry/staff", {"name": "沈某某", "staff_no": "Z1", "effective_on": "2014-01-01"})
    assert (taken.status_code, taken.json()["code"]) == (409, "staff_number_of_another")


def test_a_township_keeps_no_directory_and_everybody_else_is_known_by_the_flat_list(
    running: Lika, county: ApiClient
) -> None:
    headers = ("工号", "姓名", "登录账号", *POSTS[1:6])
    lines = [
        ("W1", "韩某某", "list-31", *post("W1")[1:6]),
        (None, None, None, *post("W1", "村主任", since="2014-02-01")[1:6]),
    ]
    made = book_of([headers, *lines], "2014年")
    for column in "ABC":
        made["2014年"].merge_cells(f"{column}2:{column}3")
    township = running.client_for("township-operator", TOWNSHIP, Role.OPERATOR)
    assert [e[2] for e in errors(send(township, content_of(made)))] == ["post_needs_level_above"] * 3
    assert send(county, content_of(made))["recorded"] == 1
    assert [p["title"] for p in owner(county, "list-31")["posts"]] == ["村主任", "村支书"]


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(
    running: Lika, county: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = running.services["registry"].store
    whole, seen = store.submit, list[Unit]()
    file = book(
        [(f"V{n}", "杨某某", f"list-4{n}", None) for n in range(4)],
        [post(f"V{n}") for n in range(4)],
        [("V0", "村支书", VILLAGE, "V3", "2014-03-01", "2014-06-01", "V3")],
    )

    def breaks_down(unit: Unit) -> Any:
        seen.append(unit)
        if len(seen) == 4:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importing, "CHUNK_SIZE", 2)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", breaks_down)
        assert county.post(WORKBOOKS, key="cut-off-1", content=file).status_code == 503
    answer = send(county, file, key="cut-off-1")
    assert (answer["recorded"], answer["unchanged"], answer["errors"]) == (5, 0, [])
    read = county.get(f"{WORKBOOKS}/{answer['batch_id']}").json()
    assert (read["subjects_done"], read["summary"]["recorded"]) == (5, 5)


def test_the_template_has_its_words_and_the_annotated_copy_its_errors(county: ApiClient) -> None:
    template = openpyxl.load_workbook(BytesIO(county.get("/registry/staff/template").content))
    assert {"人员表", "任职表", "代理表"} <= set(template.sheetnames)
    offered = [check.formula1 for check in template["任职表"].data_validations.dataValidation if check.formula1]
    assert any("选举" in each for each in offered)
    file = book([("U1", "朱某某", "不 行！", None)], [post("U1")])
    answer = county._client.post(f"{WORKBOOKS}/annotations", content=file, headers=county._headers)
    assert answer.status_code == 200
    annotated = openpyxl.load_workbook(BytesIO(answer.content))["人员表"]
    assert "账号" in str(annotated.cell(3, annotated.max_column).value)
