"""An exit that was decided without its standards on record is found, with those that were not met, until what was found then is entered
(M010, R10)."""

from collections.abc import Callable, Iterator

import pytest

from tests.registry.households.example_villages import Village, done, id_of, registry_of_2018
from tests.support.eventually import eventually
from tests.support.running import Lika, all_items

MET = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_of_2018(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


def survey(village: Village, home: str, on: str, **other: bool) -> None:
    done(village.cadre.post(f"{home}/conditions", {"effective_on": on, **MET, **other}))


def found(village: Village) -> dict[str, str]:
    """Household → the standards that were not met, blank where none was recorded."""
    items = all_items(
        village.county_reviewer, "/registry/findings", division=village.code, rule="exit_without_standard"
    )
    return {item["household_id"]: item["values"]["standards"] for item in items}


def test_the_standards_are_on_record_as_met_on_the_day_of_the_exit_or_it_is_found(running: Lika) -> None:
    village = Village(running)
    never, unmet, met, late = (village.household("2016-05-01") for _ in range(4))
    survey(village, unmet, "2017-03-20", housing=False)
    survey(village, met, "2017-03-20", water=False)
    survey(village, met, "2017-06-01")
    survey(village, late, "2017-06-02")
    for home in (never, unmet, met, late):
        village.enrol(home, "2016-06-20")
        village.exit(home, "2017-06-01")
    expected = {id_of(never): "", id_of(unmet): "housing", id_of(late): ""}
    eventually(lambda: found(village) == expected)
    items = all_items(
        village.county_reviewer, "/registry/findings", division=village.code, rule="exit_without_standard"
    )
    why = next(item["zh"] for item in items if item["household_id"] == id_of(unmet))
    assert "住房安全有保障" in why

    survey(village, unmet, "2018-01-10")
    assert found(village) == expected, "what was mended afterwards was not so on the day"
    survey(village, never, "2017-05-30")
    survey(village, unmet, "2017-05-30")
    eventually(lambda: found(village) == {id_of(late): ""})
