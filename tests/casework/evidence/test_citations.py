"""Forms that cite evidence: one's own upload or one's area; known, of this digest, and of this kind."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.casework.evidence import EvidenceConcerns
from contracts.facts import StoredFile
from contracts.roles import Role
from tests.registry.households.example_requests import (
    ELSEWHERE,
    NEIGHBOUR,
    TOWNSHIP,
    VILLAGE,
    household_body,
    record_household,
    registry_with_villages,
    status_and_code,
)
from tests.support.evidence import on_paper, uploaded
from tests.support.running import ApiClient, Lika

SURVEY = {"effective_on": "2014-05-25", "arable_mu": "3.5"}
Citation = list[dict[str, Any]]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture
def household(cadre: ApiClient) -> str:
    return record_household(cadre)


def subjects(person: ApiClient, evidence: Citation) -> list[str]:
    answer = person.get(f"/registry/evidence/{evidence[0]['file']['id']}")
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["subjects"]
    return found


def test_a_fact_carries_id_digest_and_kind(running: Lika, cadre: ApiClient, household: str) -> None:
    evidence = uploaded(cadre)
    assert cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}).status_code == 201
    stream = f"household-{household.rpartition('/')[2]}"
    (cited,) = running.services["registry"].store.stream(stream)[-1].fact.evidence
    assert cited.kind == "minutes"
    assert isinstance(cited.file, StoredFile)
    assert {"id": str(cited.file.id), "sha256": cited.file.sha256} == evidence[0]["file"]


def test_paper_in_the_archive_needs_no_upload(running: Lika, cadre: ApiClient, household: str) -> None:
    evidence = [{**on_paper("minutes")[0], "archive_no": "X043-WS·2016-Y-0012"}]
    assert cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}).status_code == 201
    stream = f"household-{household.rpartition('/')[2]}"
    (cited,) = running.services["registry"].store.stream(stream)[-1].fact.evidence
    assert (cited.file, cited.archive_no) == (None, "X043-WS·2016-Y-0012")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "minutes"},
        {"kind": "minutes", "held_on_paper": False},
        {"kind": "minutes", "held_on_paper": True, "file": {"id": str(uuid4()), "sha256": "0" * 64}},
        {"kind": "minutes", "file": {"id": str(uuid4()), "sha256": "0" * 64}, "archive_no": "WS-1"},
        {"kind": "minutes", "file": {"id": str(uuid4())}},
        {"kind": "minutes", "held_on_paper": True, "archive_no": "张三家的柜子"},
        {"kind": "minutes", "held_on_paper": True, "archive_no": "110101199001011234"},
        {"kind": "minutes", "held_on_paper": True, "name": "a.pdf"},
        {"kind": "张三", "held_on_paper": True},
    ],
)
def test_evidence_is_a_file_or_held_on_paper_and_names_nobody(
    cadre: ApiClient, household: str, wrong: dict[str, Any]
) -> None:
    assert cadre.post(f"{household}/surveys", {**SURVEY, "evidence": [wrong]}).status_code == 422


def test_citing_says_that_the_file_concerns_the_subject(running: Lika, cadre: ApiClient, household: str) -> None:
    evidence = uploaded(cadre)
    assert cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}).status_code == 201
    assert subjects(cadre, evidence) == [household.rpartition("/")[2]]
    assert subjects(running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER), evidence) == subjects(cadre, evidence)
    # Cited again it says nothing new.
    assert cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}).status_code == 201
    assert len(running.services["registry"].store.stream(f"evidence-{evidence[0]['file']['id']}")) == 2


def test_a_new_household_and_a_new_case_are_subjects_of_what_they_cite(cadre: ApiClient) -> None:
    evidence = uploaded(cadre)
    made = cadre.post("/registry/households", {**household_body(), "evidence": evidence})
    household = made.headers["Location"].rpartition("/")[2]
    assert subjects(cadre, evidence) == [household]
    opening = {"subject": household, "procedure": "identification", "on": "2014-05-25", "grounds": "情况属实"}
    case = cadre.post("/registry/cases", {**opening, "evidence": evidence}).headers["Location"].rpartition("/")[2]
    assert set(subjects(cadre, evidence)) == {household, case}


def test_another_may_cite_what_concerns_somebody_in_their_area(running: Lika, cadre: ApiClient, household: str) -> None:
    evidence = uploaded(cadre, subjects=[household.rpartition("/")[2]])
    colleague = running.client_for("cadre-9", VILLAGE, Role.CADRE)
    assert colleague.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}).status_code == 201


def refused_citations(running: Lika, cadre: ApiClient, household: str) -> dict[str, tuple[ApiClient, str, Citation]]:
    concerning = uploaded(cadre, subjects=[household.rpartition("/")[2]])
    neighbour = running.client_for("cadre-2", NEIGHBOUR, Role.CADRE)
    stranger = running.client_for("cadre-3", ELSEWHERE, Role.CADRE)
    file = concerning[0]["file"]
    return {
        "of an unknown id": (cadre, household, [{"kind": "minutes", "file": {**file, "id": str(uuid4())}}]),
        "of another digest": (cadre, household, [{"kind": "minutes", "file": {**file, "sha256": "0" * 64}}]),
        "from another village": (neighbour, record_household(neighbour, NEIGHBOUR), concerning),
        "from another township": (stranger, record_household(stranger, ELSEWHERE), concerning),
        "of another's upload about nobody yet": (
            running.client_for("cadre-9", VILLAGE, Role.CADRE), household, uploaded(cadre),
        ),
        "beside a good one": (cadre, household, [*concerning, {"kind": "minutes", "file": {**file, "id": str(uuid4())}}]),
    }  # fmt: skip


def test_what_was_not_uploaded_so_or_lies_out_of_reach_is_refused_alike(
    running: Lika, cadre: ApiClient, household: str
) -> None:
    for what, (person, about, evidence) in refused_citations(running, cadre, household).items():
        answer = person.post(f"{about}/surveys", {**SURVEY, "evidence": evidence})
        assert status_and_code(answer) == (409, "evidence_unknown"), what


def test_a_file_is_cited_by_the_kind_it_was_uploaded_as(cadre: ApiClient, household: str) -> None:
    evidence = [{**uploaded(cadre, kind="notice_photo")[0], "kind": "minutes"}]
    answer = cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence})
    assert status_and_code(answer) == (409, "evidence_of_other_kind")
    assert answer.json()["facts"] == {"uploaded_as": "notice_photo"}


def test_a_letter_of_appointment_is_uploaded_and_cited_by_the_operator(running: Lika) -> None:
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    letter = uploaded(operator, kind="appointment_letter")
    form = {"name": "某某", "effective_on": "2014-05-25", "evidence": letter}
    staff = operator.post("/registry/staff", form).headers["Location"].rpartition("/")[2]
    (_, concerns) = running.services["registry"].store.stream(f"evidence-{letter[0]['file']['id']}")
    assert isinstance(concerns.fact, EvidenceConcerns)
    assert [str(s) for s in concerns.fact.subjects] == [staff]


def test_a_dry_run_checks_what_is_cited_and_records_nothing_of_it(
    running: Lika, cadre: ApiClient, household: str
) -> None:
    evidence = uploaded(cadre)
    store = running.services["registry"].store
    before = store.position()
    dry = cadre.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}, params={"dry_run": True}).json()
    assert ([w["type"] for w in dry["would_record"]], dry["refused"]) == (["HouseholdSurveyed", "EvidenceConcerns"], [])
    assert store.position() == before
    assert subjects(cadre, evidence) == []
    other = running.client_for("cadre-9", VILLAGE, Role.CADRE)
    dry = other.post(f"{household}/surveys", {**SURVEY, "evidence": evidence}, params={"dry_run": True}).json()
    assert [no["code"] for no in dry["refused"]] == ["evidence_unknown"]


def open_cases(cadre: ApiClient, number: int) -> list[str]:
    opening = {"procedure": "identification", "on": "2014-05-25", "grounds": "情况属实"}
    households = [record_household(cadre).rpartition("/")[2] for _ in range(number)]
    answers = [cadre.post("/registry/cases", {**opening, "subject": household}) for household in households]
    return [answer.headers["Location"].rpartition("/")[2] for answer in answers]


def visits(cases: list[str], evidence: Citation) -> dict[str, Any]:
    form = {"on": "2014-05-25", "confirmed": True, "evidence": evidence}
    return {"act": "visits", "form": form, "cases": [{"case_id": case} for case in cases]}


def test_one_file_is_cited_for_every_case_of_a_batch(running: Lika, cadre: ApiClient) -> None:
    cases, evidence = open_cases(cadre, 3), uploaded(cadre)
    path, store = "/registry/cases/batches", running.services["registry"].store
    batch = visits([*cases, str(uuid4())], evidence)
    tried = cadre.post(path, batch, params={"dry_run": True}).json()
    assert [r["code"] for r in tried["results"]] == [None, None, None, "not_found"]
    assert subjects(cadre, evidence) == []
    done = cadre.post(path, batch, key="one-round").json()
    assert [r["code"] for r in done["results"]] == [None, None, None, "not_found"]
    assert sorted(subjects(cadre, evidence)) == sorted(cases)
    for case in cases:
        (cited,) = store.stream(f"case-{case}")[-1].fact.evidence
        assert isinstance(cited.file, StoredFile)
        assert str(cited.file.id) == evidence[0]["file"]["id"]
    recorded = store.position()
    again = cadre.post(path, batch, key="one-round").json()
    assert [r["replayed"] for r in again["results"]] == [True, True, True, False]
    assert store.position() == recorded


def test_a_batch_cites_a_file_for_no_case_that_one_may_not_cite_it_for(running: Lika, cadre: ApiClient) -> None:
    """That the file concerns one case of the batch, which the caller may not touch, opens it for no other."""
    (far, *_), stranger = open_cases(cadre, 1), running.client_for("cadre-3", ELSEWHERE, Role.CADRE)
    opening = {"procedure": "identification", "on": "2014-05-25", "grounds": "情况属实"}
    subject = record_household(stranger, ELSEWHERE).rpartition("/")[2]
    own = stranger.post("/registry/cases", {**opening, "subject": subject}).headers["Location"].rpartition("/")[2]
    evidence = uploaded(cadre, subjects=[far])
    answer = stranger.post("/registry/cases/batches", visits([far, own], evidence)).json()
    assert [r["code"] for r in answer["results"]] == ["not_found", "evidence_unknown"]
    unknown_kind = [{**evidence[0], "kind": "notice_photo"}]
    (wrong,) = cadre.post("/registry/cases/batches", visits([far], unknown_kind)).json()["results"]
    assert (wrong["code"], wrong["facts"]) == ("evidence_of_other_kind", {"uploaded_as": "minutes"})
