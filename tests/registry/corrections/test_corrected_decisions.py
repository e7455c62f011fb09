"""A decision of the register that was wrong is corrected, whatever was wrong about it: over HTTP in the whole house, with
statements that balance, and what was answered before answered again for whoever asks as of then."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from contracts.roles import Role
from services.audit.service import audit
from services.registry.service import registry
from tests.registry.corrections.correction_cases import ORDER, CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import (
    ANOTHER_COUNTY,
    DEATH_CERTIFICATE,
    member_body,
    member_ids,
    record_household,
    status_and_code,
)
from tests.registry.households.example_villages import TODAY, act_of, annul, done, facts_of, id_of
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import VILLAGE as IMPORT_VILLAGE
from tests.registry.intake.import_requests import import_workbook
from tests.registry.intake.test_history_imports import history_of
from tests.support.running import Lika

audit_of_registry = partial(audit, logs=("registry",))


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), registry, audit_of_registry) as started:
        yield started


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


@pytest.fixture
def registered(village: CorrectedVillage) -> str:
    """Three persons, enrolled on 2016-02-18."""
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    return household


def because(refused: Any) -> str:
    """Code of the rule by which the effect of a decision is refused."""
    return str(refused.json()["facts"]["because"]["code"])


def decision_of(village: CorrectedVillage, household: str, kind: str) -> dict[str, Any]:
    history = village.auditor.get(f"/audit/households/{id_of(household)}/history").json()["events"]
    standing = [e for e in history if e["type"] == kind and e["annulled_by"] is None]
    return {
        "on": standing[-1]["effective_on"],
        **standing[-1]["decision"],
        "case_id": standing[-1]["fields"]["case_id"],
    }


def test_a_wrong_day_is_corrected_and_old_answers_stay(village: CorrectedVillage, registered: str) -> None:
    village.exit(registered, "2017-10-10")
    before = decision_of(village, registered, "HouseholdExited")
    then = village.next_day()
    village.correct(registered, decisions=[{
        "in_place_of": village.fact(registered, "HouseholdExited"), "effective_on": "2016-10-10",
        "decided_on": "2016-10-10",
    }])  # fmt: skip
    assert village.lines()["2016"] == {"identified": 1, "exited": 1}
    assert village.lines()["2017"] == {}
    after = decision_of(village, registered, "HouseholdExited")
    assert after == {**before, "on": "2016-10-10", "decided_on": "2016-10-10"}
    assert village.status(registered, "2017-01-01") == "exited"
    # As of the day before, nobody knew better.
    assert village.status(registered, "2017-01-01", known_at=then) == "registered"
    assert village.lines(known_at=then)["2017"] == {"exited": 1}


def test_a_wrong_document_number_is_corrected_and_changes_no_figure(village: CorrectedVillage, registered: str) -> None:
    lines, before = village.lines(), decision_of(village, registered, "HouseholdEnrolled")
    replaced = village.fact(registered, "HouseholdEnrolled")
    village.correct(registered, decisions=[{"in_place_of": replaced, "document_no": "扶组〔2016〕33号"}])
    after = decision_of(village, registered, "HouseholdEnrolled")
    assert after == {**before, "document_no": "扶组〔2016〕33号"}
    assert village.lines() == lines


def test_a_wrongful_exit_is_void_and_the_household_stays_registered(village: CorrectedVillage, registered: str) -> None:
    village.exit(registered, "2017-10-10")
    refused = annul(village.township, registered, act_of(village.cadre, registered, "HouseholdExited"))
    assert status_and_code(refused) == (409, "status_fact_needs_case")
    village.correct(registered, facts=[village.fact(registered, "HouseholdExited")])
    assert village.status(registered, TODAY) == "registered"
    assert village.lines()["2017"] == {}


def test_whom_a_decision_was_about_is_corrected(village: CorrectedVillage, registered: str) -> None:
    other = village.household("2016-01-10", members=[member_body("head")])
    entered = village.fact(registered, "HouseholdEnrolled")
    village.correct(registered, decisions=[{"in_place_of": entered, "household_id": id_of(other)}])
    assert (village.status(registered, TODAY), village.status(other, TODAY)) == ("candidate", "registered")
    assert village.totals(TODAY) == {"candidate": (1, 3), "registered": (1, 1)}
    assert village.lines()["2016"] == {"identified": 1}


def test_a_household_of_another_county_is_the_province_s_to_correct(
    running: Lika, village: CorrectedVillage, registered: str
) -> None:
    body = {"code": ANOTHER_COUNTY, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    done(running.client_for("operator-1", "", Role.OPERATOR).post("/registry/divisions", body))
    cadre = running.client_for("cadre-elsewhere", ANOTHER_COUNTY, Role.CADRE)
    other = record_household(cadre, ANOTHER_COUNTY, effective_on="2016-01-10")
    entered = village.fact(registered, "HouseholdEnrolled")
    terms = {"decisions": [{"in_place_of": entered, "household_id": id_of(other)}]}
    case = str(done(village.propose(registered, terms)).headers["Location"])
    refused = village.decide(case)
    assert because(refused) == "correction_beyond_area"
    assert refused.json()["next"][0]["office"]["levels"] == ["province", "city"]
    done(village.province.post(f"{case}/decisions", {"on": TODAY, **ORDER}))
    assert cadre.get(other).json()["status"] == "registered"


def test_a_wrongful_removal_is_void_with_all_that_it_made_void(village: CorrectedVillage, registered: str) -> None:
    _, spouse, _ = member_ids(village.cadre, registered)
    new = village.split(registered, "2016-06-01", spouse)
    village.exit(new, "2017-05-10")
    lines = village.lines()
    village.remove(registered, "2018-03-01")
    assert village.totals(TODAY) == {"removed": (2, 3)}
    village.correct(registered, facts=[village.fact(registered, "HouseholdRemoved")])
    assert village.totals(TODAY) == {"exited": (1, 1), "registered": (1, 2)}
    assert village.lines() == lines


def test_a_wrongful_return_is_void(village: CorrectedVillage, registered: str) -> None:
    village.exit(registered, "2016-10-10")
    village.take_in_again(registered, "2017-06-10")
    village.correct(registered, acts=[act_of(village.cadre, registered, "HouseholdReturned")])
    assert village.status(registered, TODAY) == "exited"
    assert village.lines() == {"2016": {"identified": 1, "exited": 1}, "2017": {}, "2018": {}}


def test_a_wrongful_cancellation_is_void(village: CorrectedVillage) -> None:
    alone = village.household("2016-01-10", members=[member_body("head")])
    village.enrol(alone, "2016-02-18")
    (head,) = member_ids(village.cadre, alone)
    death = {"effective_on": "2017-02-01", "evidence": DEATH_CERTIFICATE}
    done(village.cadre.post(f"{alone}/members/{head}/deaths", death))
    village.correct(alone, acts=[act_of(village.cadre, alone, "HouseholdCancelled")])
    assert village.totals(TODAY) == {"registered": (1, 1)}
    assert village.lines()["2017"] == {}


def test_a_decision_of_another_kind_comes_in_the_place_of_a_wrong_one(
    village: CorrectedVillage, registered: str
) -> None:
    """Removed instead of exited: it never qualified."""
    village.exit(registered, "2017-10-10")
    village.correct(registered, decisions=[{
        "in_place_of": village.fact(registered, "HouseholdExited"), "kind": "removed", "effective_on": "2016-02-18",
        "removed_for": "never_qualified",
    }])  # fmt: skip
    assert village.status(registered, "2016-02-18") == "removed"
    assert village.lines()["2017"] == {}


def test_a_correction_is_corrected(village: CorrectedVillage, registered: str) -> None:
    other = village.household("2016-01-10", members=[member_body("head")])
    entered = village.fact(registered, "HouseholdEnrolled")
    village.correct(registered, decisions=[{"in_place_of": entered, "household_id": id_of(other)}])
    # It was right after all: the act is annulled in both households, whichever of them the new case is about.
    village.correct(other, acts=[act_of(village.cadre, other, "HouseholdEnrolled")])
    assert village.totals(TODAY) == {"candidate": (1, 1), "registered": (1, 3)}
    assert decision_of(village, registered, "HouseholdEnrolled")["on"] == "2016-02-18"


def test_a_correction_that_cannot_stand_is_refused_when_it_is_opened_naming_what_is_in_the_way(
    village: CorrectedVillage, registered: str
) -> None:
    village.exit(registered, "2016-10-10")
    village.take_in_again(registered, "2017-06-10")
    refused = village.propose(registered, {"facts": [village.fact(registered, "HouseholdExited")]})
    assert status_and_code(refused) == (409, "later_fact_impossible")
    assert refused.json()["facts"]["fact"] == village.fact(registered, "HouseholdReturned")
    # Both together stand.
    both = [village.fact(registered, kind) for kind in ("HouseholdExited", "HouseholdReturned")]
    village.correct(registered, facts=both)
    assert village.lines() == {"2016": {"identified": 1}, "2017": {}, "2018": {}}


def test_what_is_in_the_way_in_a_household_that_split_off_is_named_as_well(
    village: CorrectedVillage, registered: str
) -> None:
    _, spouse, _ = member_ids(village.cadre, registered)
    new = village.split(registered, "2016-06-01", spouse)
    village.exit(new, "2017-05-10")
    refused = village.propose(registered, {"facts": [village.fact(registered, "HouseholdEnrolled")]})
    assert status_and_code(refused) == (409, "later_fact_impossible")
    exited = village.fact(new, "HouseholdExited")
    assert refused.json()["facts"]["fact"] == exited
    village.correct(registered, facts=[village.fact(registered, "HouseholdEnrolled"), exited])
    assert village.totals(TODAY) == {"candidate": (2, 3)}


def test_what_has_changed_since_is_found_at_the_decision_and_the_case_can_end(
    village: CorrectedVillage, registered: str
) -> None:
    village.exit(registered, "2016-10-10")
    case = str(
        done(village.propose(registered, {"facts": [village.fact(registered, "HouseholdExited")]})).headers["Location"]
    )
    village.take_in_again(registered, "2017-06-10")  # beside the correction: its standing is another one
    refused = village.decide(case)
    assert (status_and_code(refused), because(refused)) == ((409, "effect_cannot_stand"), "later_fact_impossible")
    done(village.decider.post(f"{case}/decisions", {"on": TODAY, **ORDER, "approved": False}))
    assert village.status(registered, TODAY) == "returned"


def test_nobody_decides_alone_nor_without_paper_nor_below_who_decided_first(
    village: CorrectedVillage, registered: str
) -> None:
    wrong = {"facts": [village.fact(registered, "HouseholdEnrolled")]}
    without = village.ask_to_open_case(village.cadre, registered, "correction", TODAY, terms=wrong)
    assert status_and_code(without) == (409, "paper_missing")
    case = str(done(village.propose(registered, wrong, village.township_reviewer)).headers["Location"])
    review = {"on": TODAY, "outcome": "passed"}
    assert status_and_code(village.township_reviewer.post(f"{case}/reviews", review)) == (409, "approves_own_entry")
    done(village.county_reviewer.post(f"{case}/reviews", review))  # the level above may as well
    assert status_and_code(village.township.post(f"{case}/decisions", {"on": TODAY, **ORDER})) == (
        403, "office_not_allowed",
    )  # fmt: skip
    done(village.province.post(f"{case}/decisions", {"on": TODAY, **ORDER}))
    assert village.status(registered, TODAY) == "candidate"
    # What the province decided, the county does not undo.
    undo = village.propose(registered, {"acts": [act_of(village.cadre, registered, "FactsAnnulled")]})
    case = str(done(undo).headers["Location"])
    refused = village.decide(case)
    assert because(refused) == "corrected_decision_of_higher_level"
    instead, *_ = refused.json()["next"]
    assert (instead["act"], instead["office"]["levels"]) == ("decide_case", ["province"])
    done(village.province.post(f"{case}/decisions", {"on": TODAY, **ORDER}))
    assert village.status(registered, TODAY) == "registered"


def test_what_a_higher_level_put_in_a_decision_s_place_is_for_that_level(
    village: CorrectedVillage, registered: str
) -> None:
    replaced = {"in_place_of": village.fact(registered, "HouseholdEnrolled"), "document_no": "扶组〔2016〕33号"}
    case = str(done(village.propose(registered, {"decisions": [replaced]})).headers["Location"])
    done(village.decide(case, village.province))
    undo = village.propose(registered, {"facts": [village.fact(registered, "HouseholdEnrolled")]})
    refused = village.decide(str(done(undo).headers["Location"]))
    assert because(refused) == "corrected_decision_of_higher_level"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({}, "correction_changes_nothing"),
        ({"decisions": [{"kind": "exited"}]}, "corrected_decision_incomplete"),
        ({"acts": ["00000000-0000-0000-0000-000000000001"]}, "corrected_fact_not_standing"),
        ({"facts": ["registry/household-00000000-0000-0000-0000-000000000001/1"]}, "corrected_fact_not_standing"),
        ({"decisions": [{"kind": "promoted"}]}, "terms_malformed"),
    ],
)
def test_terms_that_say_too_little_are_refused(
    village: CorrectedVillage, registered: str, terms: dict[str, Any], code: str
) -> None:
    refused = village.propose(registered, terms)
    assert refused.json()["code"] == code
    if code == "terms_malformed":
        assert refused.json()["facts"]["malformed"] == ["decisions[0].kind"]
    assert [f["type"] for f in facts_of(village.cadre, registered)] == ["HouseholdRecorded", "HouseholdEnrolled"]


def test_a_decision_that_came_from_an_older_system_is_corrected_alone(running: Lika, village: CorrectedVillage) -> None:
    """Household and history are one act: the household stays, the decision is replaced."""
    body = {"code": IMPORT_VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    running.client_for("operator-1", "", Role.OPERATOR).post("/registry/divisions", body)
    open_history_import(running)
    assert import_workbook(ApprovedImporter(running), history_of("CORR1"))["recorded"] == 1
    (found,) = village.decider.get("/registry/households", national_no="CORR1").json()["items"]
    household = f"/registry/households/{found['household_id']}"
    facts = facts_of(village.decider, household)
    assert len({f["act"] for f in facts if f["type"] in ("HouseholdRecorded", "HouseholdEnrolled")}) == 1
    (wrong,) = [f["id"] for f in facts if f["type"] == "HouseholdEnrolled"]
    right = {"in_place_of": wrong, "effective_on": "2015-03-01"}
    incomplete = village.propose(household, {"decisions": [right]}, village.county_reviewer)
    assert incomplete.json()["facts"]["missing"] == ["organ", "decided_on", "document_no", "signer"]
    right |= {"organ": "县扶贫办", "decided_on": "2015-03-01", "document_no": "扶〔2015〕7号", "signer": "主任"}
    proposed = village.propose(household, {"decisions": [right]}, village.county_reviewer)
    case = str(done(proposed).headers["Location"])
    done(village.decide(case))
    days = ("2015-02-28", "2015-03-01")
    assert [village.decider.get(household, as_of=d).json()["status"] for d in days] == ["candidate", "registered"]
