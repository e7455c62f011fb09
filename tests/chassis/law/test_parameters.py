"""Dated parameters: the day before, the day, the day after; the nearest jurisdiction; strict files."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.law.parameter_documents import parameters_from
from services.chassis.law.parameters import Parameters
from services.chassis.law.yaml_text import DocumentFileError, YamlText

ONE_DAY = timedelta(days=1)

HEAD = """parameters: law
edition: "2014"
jurisdiction: {place}
source: a paper
in_force: {{from: 2014-01-01, to: null}}
values:
"""
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


def read(values: str, place: str = "CN") -> Parameters:
    text = YamlText(HEAD.format(place=place) + values, "wrong.yaml")
    with text.located():
        return parameters_from(text.content)


@pytest.fixture
def aid() -> Parameters:
    return read(AID)


def test_a_value_is_in_force_from_its_day_until_its_repeal(aid: Parameters) -> None:
    starts, repealed = date(2016, 3, 1), date(2019, 9, 1)
    with pytest.raises(NotInForce) as missing:
        aid.at("law.boarding_aid", starts - ONE_DAY)
    assert (missing.value.name, missing.value.day) == ("law.boarding_aid", starts - ONE_DAY)
    for day in (starts, starts + ONE_DAY, repealed - ONE_DAY):
        found = aid.at("law.boarding_aid", day)
        assert (found.value, found.unit, found.source) == (Decimal("1000.50"), "yuan_per_year", "a national paper")
    for day in (repealed, repealed + ONE_DAY):
        with pytest.raises(NotInForce):
            aid.at("law.boarding_aid", day)


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
    assert aid.at("law.boarding_aid", day, place).amount == Decimal(expected)


def test_values_keep_their_kind(aid: Parameters) -> None:
    day = date(2020, 1, 1)
    assert aid.at("law.visit_days", day).count == 30
    assert aid.at("law.kinds", day).value == ("minutes", "photo")
    with pytest.raises(TypeError):
        _ = aid.at("law.kinds", day).amount
    with pytest.raises(TypeError):
        _ = aid.at("law.boarding_aid", date(2017, 1, 1)).count
    assert str(aid.at("law.boarding_aid", date(2017, 1, 1)).amount) == "1000.50"


def test_a_name_that_no_file_declares_is_a_mistake_of_the_program(aid: Parameters) -> None:
    with pytest.raises(UnknownName):
        aid.at("law.boarding_aide", date(2017, 1, 1))


ENTRY = """  x:
    - from: 2014-01-01
      value: 1
      unit: days
      jurisdiction: CN
      source: s
"""


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (9, ("value: 1", "value: 1.5")),
        (9, ("value: 1", "value: 010")),
        (9, ("value: 1", "value: yes")),
        (9, ("value: 1", 'value: "1e3"')),
        (9, ("value: 1", 'value: "many"')),
        (9, ("value: 1", "value: {a: 1}")),
        (9, ("value: 1", "value: []")),
        (9, ("value: 1", "value: off")),
        (9, ("value: 1", "value: 1:30")),
        (9, ("value: 1", "value: !!float 1")),
        (8, ("from: 2014-01-01", "from: 2014-01")),
        (8, ("from: 2014-01-01", "from: 2014-02-30")),
        (8, ("from: 2014-01-01", "from: 2014-01-01T00:00:00Z")),
        (8, ("      value: 1\n", "")),
        (8, ("      source: s\n", "")),
        (11, ("jurisdiction: CN", "jurisdiction: Guizhou")),
        (11, ("jurisdiction: CN", "jurisdiction: 52")),
        (12, ("source: s", "source: ''")),
        (12, ("source: s", "sauce: s\n      source: s")),
        (11, ("unit: days", "unit: days\n      unit: days")),
        (7, ("x:", "X y:")),
        (9, ("unit: days", "unit: text")),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused_with_its_line(line: int, change: tuple[str, str]) -> None:
    wrong = ENTRY.replace(*change)
    assert wrong != ENTRY
    with pytest.raises(DocumentFileError, match=rf"wrong\.yaml:{line}: "):
        read(wrong)


@pytest.mark.parametrize(
    "more",
    [
        "    - {from: 2014-01-01, value: 2, unit: days, jurisdiction: CN, source: s}\n",
        '    - {from: 2015-01-01, value: "2", unit: yuan, jurisdiction: CN, source: s}\n',
    ],
)
def test_two_values_from_one_day_and_two_units_are_refused(more: str) -> None:
    with pytest.raises(DocumentFileError, match=r"wrong\.yaml:6: values: law\.x：.* / law\.x: "):
        read(ENTRY + more)


def test_a_document_of_a_place_speaks_of_no_other() -> None:
    assert read(ENTRY.replace("CN", '"5203"'), '"52"').at("law.x", date(2014, 1, 1), "520328").count == 1
    for other in ('"53"', "CN"):
        with pytest.raises(DocumentFileError, match=r"wrong\.yaml:11: .*does not lie in 52"):
            read(ENTRY.replace("CN", other), '"52"')


def test_a_key_that_means_nothing_is_refused() -> None:
    with pytest.raises(DocumentFileError, match=r"wrong\.yaml:13: remark: .* unknown key"):
        read(f"{ENTRY}remark: 1\n")
