"""Categories of households: given and changed with a day each, counted apart, and together all that there are."""

from tests.registry.households.example_requests import member_body, unused_resident_id
from tests.registry.households.example_villages import Village, done
from tests.support.running import Lika

CATEGORIES = ("扶贫户", "扶贫开发户", "纯低保户", "五保户")


def test_categories_add_up_to_the_village_in_households_and_in_persons(running: Lika) -> None:
    """M004, R12: of every day, as known on every other; a candidate is not counted yet."""
    village = Village(running)

    def household(*relations: str, **more: str) -> str:
        members = [member_body("head", 1970, id_number=unused_resident_id(1970)), *map(member_body, relations)]
        return village.household("2018-01-10", members=members, **more)

    homes = [household(*["spouse"] * n, attribute=word) for n, word in enumerate(CATEGORIES[:2])]
    homes += [household(attribute=word) for word in CATEGORIES[2:]]
    household(attribute=CATEGORIES[0])
    for home in homes:
        village.enrol(home, "2018-03-01")
    done(village.cadre.post(f"{homes[0]}/surveys", {"effective_on": "2018-04-01", "attribute": "五保户"}))

    def counted(as_of: str) -> dict[str, tuple[int, int]]:
        answer = village.cadre.get("/registry/category-totals", division=village.code, as_of=as_of).json()
        found = {c: (f["households"], f["persons"]) for c, f in answer["by_attribute"].items()}
        stock = village.totals(as_of).get("registered", (0, 0))
        assert (
            (answer["households"], answer["persons"])
            == tuple(map(sum, zip((0, 0), *found.values(), strict=True)))
            == stock
        )
        return found

    assert counted("2018-02-28") == {"unclassified": (0, 0)}
    assert counted("2018-03-31") == {
        "unclassified": (0, 0),
        "general_poor": (2, 3),
        "low_income_security": (1, 1),
        "five_guarantees": (1, 1),
    }
    assert counted("2018-04-01") == {
        "unclassified": (0, 0),
        "general_poor": (1, 2),
        "low_income_security": (1, 1),
        "five_guarantees": (2, 2),
    }


def test_a_list_asks_for_a_category_and_for_what_is_open(running: Lika) -> None:
    village = Village(running)
    poor, security = (village.household("2018-01-10", attribute=word) for word in (CATEGORIES[1], CATEGORIES[2]))
    village.open_case(village.cadre, poor, "identification", "2018-02-01")

    def listed(**asked: object) -> set[str]:
        items = village.cadre.get("/registry/households", division=village.code, **asked).json()["items"]
        return {item["household_id"] for item in items}

    first, second = (home.rpartition("/")[2] for home in (poor, security))
    assert listed() == {first, second}
    assert listed(attribute="low_income_security") == {second}
    assert (listed(open_case=True), listed(open_case=False)) == ({first}, {second})
    assert listed(open_case=True, attribute="low_income_security") == set()
