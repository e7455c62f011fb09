"""Dated parameters: the day before, the day, the day after; the nearest jurisdiction; strict files."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.chassis.law.parameter_files import ParameterFileError, load
from services.chassis.law.parameters import NotInForce, Parameters, UnknownName

ONE_DAY = timedelta(days=1)

AID = """
boarding_aid:
  - from: 2016-03-01
    value: "1000.50"
    unit: yuan_per_year
    jurisdiction: CN
    source: a national paper
  - from: 2019-09-01
    value: null
    unit: yuan_per_year
    jurisdiction: CN
    source: its repeal
  - {from: 2017-01-01, value: "1250", unit: yuan_per_year, jurisdiction: "52", source: province, basis: 25 % more}
  - {from: 2018-01-01, value: "1300", unit: yuan_per_year, jurisdiction: "5203", source: city}
  - {from: 2018-07-01, value: null, unit: yuan_per_year, jurisdiction: "5203", source: city repeal}
visit_days:
  - {from: 2014-01-01, value: 30, unit: days, jurisdiction: CN, source: test}
kinds:
  - {from: 2014-01-01, value: [minutes, photo], unit: text, jurisdiction: CN, source: test}
"""

EDITION = """
edition: "{year}"
jurisdiction: CN
source: a paper
in_force: {{from: {year}-01-01, to: {to}}}
quorum: 2/3
steps:
  - {{key: visit, days: 7}}
"""


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/").replace("_y", "-") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def aid(tmp_path: Path) -> Parameters:
    return load(folder_with(tmp_path, aid=AID))


def test_a_value_is_in_force_from_its_day_until_its_repeal(aid: Parameters) -> None:
    starts, repealed = date(2016, 3, 1), date(2019, 9, 1)
    with pytest.raises(NotInForce) as missing:
        aid.at("boarding_aid", starts - ONE_DAY)
    assert (missing.value.name, missing.value.day) == ("boarding_aid", starts - ONE_DAY)
    for day in (starts, starts + ONE_DAY, repealed - ONE_DAY):
        found = aid.at("boarding_aid", day)
        assert (found.value, found.unit, found.source) == (Decimal("1000.50"), "yuan_per_year", "a national paper")
    for day in (repealed, repealed + ONE_DAY):
        with pytest.raises(NotInForce):
            aid.at("boarding_aid", day)


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (None, date(2018, 3, 1), "1000.50"),
        ("520328100203", date(2016, 12, 31), "1000.50"),
        ("520328100203", date(2017, 1, 1), "1250"),
        ("520328100203", date(2018, 1, 1), "1300"),
        ("520328100203", date(2018, 7, 1), "1250"),
        ("520328100203", date(2020, 1, 1), "1250"),
        ("520100", date(2018, 1, 1), "1250"),
        ("530102", date(2018, 1, 1), "1000.50"),
    ],
)
def test_the_most_specific_jurisdiction_wins_and_its_repeal_falls_back(
    aid: Parameters, place: str | None, day: date, expected: str
) -> None:
    assert aid.at("boarding_aid", day, place).amount == Decimal(expected)


def test_values_keep_their_kind(aid: Parameters) -> None:
    day = date(2020, 1, 1)
    assert aid.at("visit_days", day).count == 30
    assert aid.at("kinds", day).value == ("minutes", "photo")
    with pytest.raises(TypeError):
        _ = aid.at("kinds", day).amount
    with pytest.raises(TypeError):
        _ = aid.at("boarding_aid", date(2017, 1, 1)).count
    assert str(aid.at("boarding_aid", date(2017, 1, 1)).amount) == "1000.50"


def test_a_name_that_no_file_declares_is_a_mistake_of_the_program(aid: Parameters) -> None:
    with pytest.raises(UnknownName):
        aid.at("boarding_aide", date(2017, 1, 1))
    with pytest.raises(UnknownName):
        aid.document("procedures/exit", date(2017, 1, 1))


def test_the_digest_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    first = load(folder_with(tmp_path / "a", aid=AID))
    relaid = AID.replace('value: "1000.50"', "value: '1000.50'  # a comment")
    assert load(folder_with(tmp_path / "b", other=relaid)).digest == first.digest
    for change in (("1000.50", "1000.5"), ("city repeal", "city"), ('"52"', '"53"'), ("value: 30", 'value: "30"')):
        assert load(folder_with(tmp_path / "c", aid=AID.replace(*change))).digest != first.digest
    with_document = folder_with(tmp_path / "a", procedures__exit_y2016=EDITION.format(year=2016, to="2017-12-31"))
    assert load(with_document).digest != first.digest


def test_a_province_adds_its_own_values_in_a_folder_of_its_own(tmp_path: Path) -> None:
    local = 'visit_days:\n  - {from: 2015-01-01, value: 20, unit: days, jurisdiction: "52", source: province}\n'
    both = load(folder_with(tmp_path / "law", aid=AID), folder_with(tmp_path / "local", ours=local))
    assert both.at("visit_days", date(2016, 1, 1), "520328").count == 20
    assert both.at("visit_days", date(2016, 1, 1), "530000").count == 30
    assert [entry.jurisdiction for entry in both.history("visit_days")] == ["52", "CN"]


def test_the_edition_in_force_of_a_document_is_found_whole(tmp_path: Path) -> None:
    files = {f"procedures__exit_y{year}": EDITION.format(year=year, to=to) for year, to in
             ((2014, "2015-12-31"), (2016, "2018-12-31"), (2020, "null"))}  # fmt: skip
    found = load(folder_with(tmp_path, **files))
    editions: dict[date, Any] = {
        day: found.document("procedures/exit", day, "520328").content["edition"]
        for day in (date(2014, 1, 1), date(2015, 12, 31), date(2016, 1, 1), date(2018, 12, 31), date(2031, 1, 1))
    }
    assert list(editions.values()) == ["2014", "2014", "2016", "2016", "2020"]
    for day in (date(2013, 12, 31), date(2019, 1, 1)):
        with pytest.raises(NotInForce):
            found.document("procedures/exit", day)
    content = found.document("procedures/exit", date(2014, 1, 1)).content
    assert content["steps"][0]["days"] == 7
    with pytest.raises(TypeError):
        content["steps"][0]["days"] = 8


def test_a_document_converts_into_a_typed_struct(tmp_path: Path) -> None:
    class Step(msgspec.Struct, frozen=True):
        key: str
        days: int

    class Edition(msgspec.Struct, frozen=True):
        edition: str
        steps: tuple[Step, ...]

    found = load(folder_with(tmp_path, procedures__exit=EDITION.format(year=2014, to="null")))
    content = found.document("procedures/exit", date(2014, 1, 1)).content
    assert msgspec.convert(content, Edition) == Edition("2014", (Step("visit", 7),))


ENTRY = "x:\n  - from: 2014-01-01\n    value: 1\n    unit: days\n    jurisdiction: CN\n    source: s\n"


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (3, ("value: 1", "value: 1.5")),
        (3, ("value: 1", "value: 010")),
        (3, ("value: 1", "value: yes")),
        (3, ("value: 1", 'value: "1e3"')),
        (3, ("value: 1", 'value: "many"')),
        (3, ("value: 1", "value: {a: 1}")),
        (3, ("value: 1", "value: []")),
        (3, ("value: 1", "value: off")),
        (3, ("value: 1", "value: 1:30")),
        (3, ("value: 1", "value: !!float 1")),
        (2, ("from: 2014-01-01", "from: 2014-01")),
        (2, ("from: 2014-01-01", "from: 2014-02-30")),
        (2, ("from: 2014-01-01", "from: 2014-01-01T00:00:00Z")),
        (2, ("    value: 1\n", "")),
        (2, ("    source: s\n", "")),
        (5, ("jurisdiction: CN", "jurisdiction: Guizhou")),
        (5, ("jurisdiction: CN", "jurisdiction: 52")),
        (6, ("source: s", "source: ''")),
        (6, ("source: s", "sauce: s\n    source: s")),
        (5, ("unit: days", "unit: days\n    unit: days")),
        (1, ("x:", "X y:")),
        (3, ("unit: days", "unit: text")),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused_with_its_line(
    tmp_path: Path, line: int, change: tuple[str, str]
) -> None:
    wrong = ENTRY.replace(*change)
    assert wrong != ENTRY
    with pytest.raises(ParameterFileError, match=rf"wrong\.yaml:{line}: "):
        load(folder_with(tmp_path, wrong=wrong))


@pytest.mark.parametrize(
    "more",
    [
        "  - {from: 2014-01-01, value: 2, unit: days, jurisdiction: CN, source: s}\n",
        '  - {from: 2015-01-01, value: "2", unit: yuan, jurisdiction: CN, source: s}\n',
    ],
)
def test_two_values_from_one_day_and_two_units_are_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(ParameterFileError, match="x: "):
        load(folder_with(tmp_path, twice=ENTRY + more))


def test_editions_that_overlap_are_refused(tmp_path: Path) -> None:
    files = {f"procedures__exit_y{year}": EDITION.format(year=year, to="2016-06-30") for year in (2014, 2016)}
    with pytest.raises(ParameterFileError, match="two editions of CN hold on 2016-01-01"):
        load(folder_with(tmp_path, **files))
