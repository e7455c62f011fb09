"""The labels as pages use them."""

import json

from services.chassis.ground.labels import LABELS, CodeLabels, Label, Labels
from services.console.labels import browser_labels


def test_each_label_is_both_languages_chinese_first_and_codes_stand_under_their_list() -> None:
    labels = Labels(
        facts={"HouseholdFormed": Label("新立户", "Household formed")},
        fields={"on": Label("日期", "Day", example="2016-05-20")},
        codes={"Role": CodeLabels(Label("岗位", "Role"), {"cadre": Label("村干部", "Village cadre")})},
    )
    shown = browser_labels(labels)
    assert {name: shown[name] for name in ("facts", "fields", "codes")} == {
        "facts": {"HouseholdFormed": ["新立户", "Household formed"]},
        "fields": {"on": ["日期", "Day"]},
        "codes": {"Role": {"cadre": ["村干部", "Village cadre"]}},
    }


def test_a_code_in_a_fact_is_known_by_the_list_it_is_of() -> None:
    shown = browser_labels(LABELS)
    assert shown["lists"]["PostAssumed"]["role"] == "Role"
    assert {each for lists in shown["lists"].values() for each in lists.values()} <= shown["codes"].keys()
    assert shown["lists"].keys() <= shown["facts"].keys()


def test_no_label_of_the_house_is_left_out_or_empty() -> None:
    shown = json.loads(json.dumps(browser_labels(LABELS), ensure_ascii=False))
    assert (shown["facts"].keys(), shown["fields"].keys()) == (LABELS.facts.keys(), LABELS.fields.keys())
    assert {name: list(codes) for name, codes in shown["codes"].items()} == {
        name: list(each.codes) for name, each in LABELS.codes.items()
    }
    pairs = [
        *shown["facts"].values(),
        *shown["fields"].values(),
        *(p for c in shown["codes"].values() for p in c.values()),
    ]
    assert [pair for pair in pairs if len(pair) != 2 or not all(text.strip() for text in pair)] == []
