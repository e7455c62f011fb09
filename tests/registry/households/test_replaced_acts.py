"""An act that was replaced in place, and the one that replaced it, are annulled together over HTTP, so that neither counts."""

from typing import Any
from uuid import uuid4

import pytest

from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import (
    TODAY,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    id_of,
)


def acts_of(village: Village, household: str, kind: str) -> list[str]:
    """The acts that recorded a fact of this type, the latest last."""
    return [f["act"] for f in facts_of(village.cadre, household) if f["type"] == kind]


class ReplacedRecording:
    """A household of one person whose first recording was replaced by one with other numbers."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.old, self.new = (self.numbers() for _ in range(2))
        self.household = village.household("2018-01-10", **self.body(self.old))
        (self.head,) = member_ids(village.cadre, self.household)
        self.replace(self.new)

    @staticmethod
    def numbers() -> tuple[str, str]:
        return str(uuid4())[:8], unused_resident_id()

    @staticmethod
    def body(numbers: tuple[str, str], **more: Any) -> dict[str, Any]:
        national_no, id_number = numbers
        return {"national_no": national_no, "members": [member_body("head", 1970, id_number=id_number, **more)]}

    def replace(self, numbers: tuple[str, str]) -> None:
        body = {
            "division": self.village.code,
            "effective_on": "2018-01-10",
            **self.body(numbers, person_id=self.head),
        }
        done(self.village.cadre.post(f"{self.household}/recordings", body))

    @property
    def acts(self) -> list[str]:
        return acts_of(self.village, self.household, "HouseholdRecorded")

    def annul(self, *acts: str) -> Any:
        return annul(self.village.cadre, self.household, *acts)

    @property
    def number(self) -> str | None:
        return self.village.cadre.get(self.household).json()["national_no"]  # type: ignore[no-any-return]


@pytest.fixture
def recording(village: Village) -> ReplacedRecording:
    return ReplacedRecording(village)


def test_annulling_the_replacement_alone_revives_what_it_replaced(recording: ReplacedRecording) -> None:
    done(recording.annul(recording.acts[-1]))
    assert recording.number == recording.old[0]


@pytest.mark.parametrize(("again", "code"), [(0, "household_no_on_register"), (1, "id_number_on_register")])
def test_a_recording_and_its_replacement_are_annulled_together_though_another_household_holds_the_old_number(
    village: Village, recording: ReplacedRecording, again: int, code: str
) -> None:
    taken = (recording.old[0], unused_resident_id()) if again == 0 else (str(uuid4())[:8], recording.old[1])
    other = village.household("2018-01-10", **ReplacedRecording.body(taken))
    assert status_and_code(recording.annul(recording.acts[-1])) == (409, code)
    done(recording.annul(*recording.acts))
    assert village.totals(TODAY) == {"candidate": (1, 1)}
    done(recording.annul(act_of(village.cadre, recording.household, "FactsAnnulled")))
    assert recording.number == recording.new[0]
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(recording.annul(recording.acts[-1]))
    assert recording.number == recording.old[0]


def test_of_several_replacements_all_are_annulled_together(village: Village, recording: ReplacedRecording) -> None:
    recording.replace(ReplacedRecording.numbers())
    first, second, third = recording.acts
    for acts in ((first,), (second,), (first, second)):
        assert status_and_code(recording.annul(*acts)) == (409, "unknown_act"), acts
    done(recording.annul(third, second))
    assert recording.number == recording.old[0]
    done(recording.annul(act_of(village.cadre, recording.household, "FactsAnnulled")))
    done(recording.annul(first, second, third))
    assert village.cadre.get(recording.household).json()["status"] is None
    kinds = [(f["type"], f["annulled_by"] is None) for f in facts_of(village.cadre, recording.household)]
    assert kinds == [("HouseholdRecorded", False)] * 3 + [
        ("FactsAnnulled", False), ("FactsAnnulled", True), ("FactsAnnulled", True),
    ]  # fmt: skip


def test_numbers_that_both_acts_gave_are_free_while_both_are_void(
    village: Village, recording: ReplacedRecording
) -> None:
    recording.replace(recording.new)
    _, *both = recording.acts
    done(recording.annul(*recording.acts))
    other = village.household("2018-01-10", **ReplacedRecording.body(recording.new))
    restoring = act_of(village.cadre, recording.household, "FactsAnnulled")
    assert recording.annul(restoring).status_code == 409
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(recording.annul(restoring))
    assert recording.number == recording.new[0]
    done(recording.annul(both[-1]))
    assert recording.number == recording.new[0]
    again = {"division": village.code, "effective_on": "2018-01-10", **ReplacedRecording.body(recording.new)}
    assert village.cadre.post("/registry/households", again).status_code == 409


@pytest.mark.parametrize("at", ["parent", "child"])
def test_a_split_and_its_replacement_are_annulled_together_though_another_household_holds_the_old_number(
    village: Village, at: str
) -> None:
    old, new = str(uuid4())[:8], str(uuid4())[:8]
    parent = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, parent)
    formed = village.split(parent, "2018-03-01", spouse, child, national_no=old)
    village.split(parent, "2018-04-01", spouse, national_no=new, corrects=id_of(formed))
    other = village.household("2018-01-10", national_no=old, members=[member_body("head")])
    household, kind = (parent, "HouseholdSplit") if at == "parent" else (formed, "HouseholdFormed")
    acts = acts_of(village, household, kind)
    assert status_and_code(annul(village.cadre, household, acts[-1])) == (409, "household_no_on_register")
    done(annul(village.cadre, household, *acts))
    assert village.totals(TODAY) == {"candidate": (2, 4)}
    assert len(member_ids(village.cadre, parent)) == 3
    done(annul(village.cadre, household, act_of(village.cadre, household, "FactsAnnulled")))
    assert village.totals("2018-03-31") == {"candidate": (2, 4)}
    assert village.totals("2018-04-01") == {"candidate": (3, 4)}
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(annul(village.cadre, household, acts[-1]))
    assert sorted(member_ids(village.cadre, formed)) == sorted([spouse, child])
    assert village.totals("2018-03-01") == {"candidate": (2, 3)}


def test_a_split_is_corrected_in_place_more_than_once(village: Village) -> None:
    parent = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, parent)
    formed = village.split(parent, "2018-03-01", spouse, child)
    for day in ("2018-04-01", "2018-02-01"):
        village.split(parent, day, spouse, corrects=id_of(formed))
    assert village.totals("2018-01-31") == {"candidate": (1, 3)}
    assert village.totals("2018-02-01") == village.totals(TODAY) == {"candidate": (2, 3)}
    done(annul(village.cadre, parent, acts_of(village, parent, "HouseholdSplit")[-1]))
    assert village.totals("2018-03-31") == {"candidate": (1, 3)}
    assert village.totals("2018-04-01") == {"candidate": (2, 3)}
