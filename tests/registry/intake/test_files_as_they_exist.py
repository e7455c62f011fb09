"""Over HTTP: files as people have them are imported, and a hostile one is refused while the service goes on."""

import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from tests.casework.workbooks.files import SHEET, one_household, packed, sheet_of
from tests.casework.workbooks.sheets import book_of, flat_lines
from tests.registry.intake.example_workbooks import content_of
from tests.registry.intake.import_requests import (
    COUNTY,
    cadre_of,
    head_line,
    household_facts,
    household_line,
    import_workbook,
    post_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def flat_list(village: str) -> bytes:
    headers, *lines = flat_lines()
    for line in lines:
        line[headers.index("村")] = village
    return content_of(book_of([["建档立卡贫困人口花名册"], headers, *lines, ["填表人：某某"]]))


def test_a_flat_list_with_the_village_by_its_name_is_imported(running: Lika) -> None:
    person = cadre_of(running)
    assert person.get("/registry/divisions").status_code == 200  # waits until the view knows the villages
    result = import_workbook(person, flat_list("某村"))
    assert (result["recorded"], result["members_seen"], result["errors"]) == (1, 2, [])
    told = {(w["row"], w["code"]) for w in result["warnings"]}
    assert {(2, "workbook_ignored_column"), (2, "workbook_substitute_column"), (5, "workbook_foot_line")} <= told
    _, facts = household_facts(running, "H1")
    assert facts[0].fact.division == "990001101201"  # type: ignore[attr-defined]


def test_a_name_that_several_villages_of_the_callers_area_have_needs_a_code(running: Lika) -> None:
    county = cadre_of(running, COUNTY)
    assert row_errors(import_workbook(county, flat_list("某村"))) == [
        ("Sheet1", 3, "行政区划代码", "village_name_twice")
    ]
    assert row_errors(import_workbook(county, flat_list("他村"))) == [
        ("Sheet1", 3, "行政区划代码", "unknown_village_name")
    ]


def bomb() -> bytes:
    parts = one_household()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
        with package.open("xl/media/image1.png", "w") as stream:
            for _ in range(401):
                stream.write(bytes(1 << 20))
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str, dict[str, int]]] = {
    "a bomb": (bomb, "workbook_unpacks_too_large", {"limit_bytes": 400 << 20}),
    "nested elements": (
        lambda: packed(one_household() | {SHEET: sheet_of("<x>" * 500_000)}), "workbook_too_deep", {"limit": 32},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_its_limit_and_others_are_served_meanwhile(name: str, running: Lika) -> None:
    make, code, facts = HOSTILE[name]
    hostile, attacker, person = make(), cadre_of(running, "990001102"), cadre_of(running)
    sound = workbook_bytes([household_line(f"V{len(name)}")], [head_line(f"V{len(name)}", 301 + 2 * len(name))])
    with ThreadPoolExecutor(4) as both:
        attacks = [both.submit(post_workbook, attacker, hostile) for _ in range(2)]
        assert import_workbook(person, sound)["recorded"] == 1
    for attack in attacks:
        answer = attack.result()
        assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (413, code, facts)
