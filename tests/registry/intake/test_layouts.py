"""The form's layout is a document: a county has its own without a release, and one that the register could not read is not
adopted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from contracts.roles import Role
from services.casework.documents.kinds import checked
from services.casework.workbooks.layout import Sheet
from services.chassis.ground.labels import LABELS
from services.chassis.law.content import DocumentError, canonical_text, content_of
from services.registry.document_kinds import FIRST_TEXTS, KINDS
from services.registry.intake.layout import FORM, LABELLED_UNDER
from tests.registry.intake.example_workbooks import SHEETS
from tests.registry.intake.example_workbooks import content_of as bytes_of
from tests.registry.intake.import_requests import (
    COUNTY,
    cadre_of,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.running import Lika

(SHIPPED,) = [content_of(fact.content) for fact in FIRST_TEXTS.proposals if fact.key == FORM]
Change = Callable[[dict[str, Any]], object]


def layout(change: Change) -> Mapping[str, Any]:
    """The shipped layout with a change, to be made in a copy without read-only parts."""
    document: dict[str, Any] = _mutable(SHIPPED)
    change(document)
    return document


def _mutable(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {key: _mutable(value) for key, value in part.items()}
    return [_mutable(item) for item in part] if isinstance(part, list | tuple) else part


def column(document: dict[str, Any], sheet: int, key: str) -> dict[str, Any]:
    (found,) = [c for c in document["sheets"][sheet]["columns"] if c["key"] == key]
    return found  # type: ignore[no-any-return]


def number_as_text(document: dict[str, Any]) -> None:
    arable = column(document, 0, "arable_mu")
    arable["type"] = "text"
    del arable["unit"], arable["decimals"]


WRONG: dict[str, tuple[Change, str]] = {
    "a column is missing": (
        lambda d: [d["sheets"][1]["columns"].remove(column(d, 1, name)) for name in ("school", "health")],
        "members: the form needs 'school', 'health'",
    ),
    "a sheet is missing": (lambda d: d["sheets"].pop(2), "history: the form needs 'history'"),
    "a code list that nobody has": (
        lambda d: column(d, 1, "sex").update(codes="sexes"), "members.sex: there is no code list sexes",
    ),
    "a number that is text": (number_as_text, "households.arable_mu: the form needs"),
    "cents of cents": (lambda d: column(d, 0, "wages").update(decimals=4), "households.wages: the form needs"),
    "three other causes": (lambda d: column(d, 0, "other_causes").update(most=3), "households.other_causes: the form"),
    "a household without a village": (
        lambda d: column(d, 0, "division").pop("required"), "households.division: the form needs",
    ),
    "another list of codes": (lambda d: column(d, 1, "health").update(codes="sex"), "members.health: the form needs"),
    "a header of two columns": (
        lambda d: column(d, 1, "school").update(aliases=["姓 名"]), "members: 姓名 stands twice",
    ),
    "a key twice": (lambda d: column(d, 1, "school").update(key="name"), "members: name stands twice"),
    "a name that no spreadsheet takes": (lambda d: d["sheets"][0].update(zh="户/表"), "no spreadsheet takes this name"),
    "a list in a column of text": (lambda d: column(d, 1, "school").update(codes="sex"), "a code list belongs to"),
    "a unit of a name": (lambda d: column(d, 1, "name").update(unit="元"), "only a number has a unit"),
    "an unknown word": (lambda d: column(d, 1, "name").update(colour="red"), "unknown field `colour`"),
    "an unknown type": (lambda d: column(d, 1, "name").update(type="string"), "docs/rules/labels.md） / Invalid enum value"),
    "a join by nothing": (lambda d: d["joined"]["key"].pop("members"), "joined: there is no"),
    "a note in one language": (lambda d: d["notes"].append({"zh": "注"}), "notes: each says its text"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_layout_that_the_register_could_not_read_is_not_adopted(name: str) -> None:
    change, complaint = WRONG[name]
    with pytest.raises(DocumentError) as caught:
        checked(layout(change), KINDS)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_the_shipped_headers_are_the_labels_of_their_fields(sheet: Sheet) -> None:
    labels = [LABELS.field(c.key, LABELLED_UNDER.get((sheet.key, c.key), "")) for c in sheet.columns]
    assert [c.header for c in sheet.columns] == [label.line for label in labels]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def test_a_countys_own_layout_is_read_and_offered_there_once_two_operators_have_adopted_it(running: Lika) -> None:
    def change(document: dict[str, Any]) -> None:
        document.update(edition="990001-1", jurisdiction=COUNTY)
        column(document, 1, "name").update(zh="家庭成员", aliases=["姓名"])
        column(document, 0, "division")["aliases"] = ["社区代码"]

    one, other = (running.client_for(account, COUNTY, Role.OPERATOR) for account in ("op-a", "op-b"))
    proposed = one.post("/registry/documents", {"content": canonical_text(layout(change))})
    assert proposed.status_code == 201, proposed.text
    book = openpyxl.load_workbook(BytesIO(workbook_bytes([household_line("L1")], [head_line("L1", 401)])))
    book["成员表"]["C1"].value, book["户表"]["B1"].value = "家庭成员", "社区代码"
    cadre = cadre_of(running)
    assert refused(cadre, bytes_of(book)) == "workbook_missing_column"
    assert other.post(f"{proposed.headers['Location']}/confirmations").status_code == 201
    template = openpyxl.load_workbook(BytesIO(cadre.get("/registry/intake/template").content))
    assert template["成员表"]["C1"].value == "家庭成员 / name"
    assert import_workbook(cadre, bytes_of(book))["recorded"] == 1
    elsewhere = cadre_of(running, "990002")
    assert refused(elsewhere, bytes_of(book)) == "workbook_missing_column"


def refused(person: Any, file: bytes) -> str:
    answer = person.post("/registry/intake/workbooks", content=file)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["code"])
