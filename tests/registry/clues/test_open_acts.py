"""Which acts are open on a clue, and at a household that one led to, the register says."""

from tests.registry.clues.reported_clues import TOLD, accepted, clue_of, report
from tests.registry.households.example_villages import TODAY, Village, done, id_of
from tests.support.running import ApiClient


def open_on(who: ApiClient, *subjects: str) -> list[list[str]]:
    found = who.get("/registry/acts", subject=list(subjects)).json()
    assert [each["subject"] for each in found] == list(subjects)
    return [[act["act"] for act in each["acts"]] for each in found]


def test_which_acts_are_open_on_a_clue_the_register_says(here: Village, there: Village) -> None:
    cadre = here.cadre
    received = clue_of(cadre, report(cadre, here))
    taken = accepted(here)
    answered = accepted(here)
    done(cadre.post(f"{answered}/answers", {"on": TODAY, "answer": "not_qualified", **TOLD}))
    household = here.household("2017-12-01")
    known = accepted(here, household_id=id_of(household))
    of_received, of_accepted, of_answered, of_known = (
        set(acts) for acts in open_on(cadre, received, taken, answered, known)
    )
    always = {"disclose_clue"}
    assert of_received == always | {"accept_clue", "refuse_clue", "forward_clue", "answer_clue"}
    assert of_accepted == always | {"identify_clue_household", "record_clue_household", "forward_clue", "answer_clue"}
    assert of_answered == always
    assert of_known == always | {"open_case", "forward_clue", "answer_clue"}
    assert open_on(there.cadre, received) == [[]], "of another village"
    (opening,) = [
        each for each in cadre.get("/registry/acts", subject=known).json()[0]["acts"] if each["act"] == "open_case"
    ]
    assert opening["form"] == {"subject": id_of(household), "clue_id": known.rpartition("/")[2]}


def test_acts_at_a_household_are_open_to_its_own_village(here: Village, there: Village) -> None:
    household = here.household("2017-12-01")
    (mine,), (others,) = open_on(here.cadre, household), open_on(there.cadre, household)
    assert {"survey_household", "move_household", "join_member", "open_case"} <= set(mine)
    assert others == []
