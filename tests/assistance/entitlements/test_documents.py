"""Programmes are documents: replaced in the middle, adopted for the past, withdrawn; and every decision can be
repeated as it was, also when the files are gone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from contracts.assistance.entitlements import EntitlementApplied, EntitlementGranted
from contracts.canonical import encode
from contracts.facts import DecidedFrom, Recorded
from contracts.roles import Role
from contracts.selection import timeline
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements.domain import Terms, apply, grant
from services.assistance.entitlements.units import unit_on
from services.assistance.programmes.lookup import Programmes
from services.assistance.service import assistance
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.reading import Documents
from services.casework.people.queries import facts_about_persons
from services.casework.procedures.repository import Procedures
from services.casework.procedures.state import fold
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.chassis.log.store import Store
from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness, decision, registry_stub
from tests.assistance.payments.paying import PayOffice
from tests.support.running import ApiClient, lika

PROVINCE, PROCEDURE = (
    next(
        f"assistance/documents/{2 * number + 1}"
        for number, fact in enumerate(FIRST_TEXTS.proposals)
        if (fact.kind, fact.key, fact.jurisdiction) == of
    )
    for of in (("programme", "education_aid", "99"), ("procedure", "education_aid", "CN"))
)
"""Each text is proposed and adopted."""
OF_PROVINCE = (FIRST_TEXTS.folder / "programmes" / "education_aid-99-2014.yaml").read_text(encoding="utf-8")


@pytest.fixture
def harness(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, "2014-09-02") as started:
        yield started


def adopt(harness: AssistanceHarness, edition: str, since: str, amount: str) -> str:
    text = OF_PROVINCE.replace('"99"', '"990001"').replace("99-2014", edition)
    text = text.replace("in_force: {from: 2014-01-01", f"in_force: {{from: {since}").replace(
        'yuan: "500"', f'yuan: "{amount}"'
    )
    return adopt_text(harness, text)


def adopt_text(harness: AssistanceHarness, text: str) -> str:
    content = YamlText(text, "programme").content
    operators = [harness.running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-1", "op-2")]
    document = harness.post(operators[0], "/documents", {"content": canonical_text(content)})
    confirm(operators[1], document)
    return f"assistance{document}"


def withdraw(harness: AssistanceHarness, document: str) -> None:
    operators = [harness.running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-1", "op-2")]
    path = document.removeprefix("assistance")
    harness.post(operators[0], f"{path}/withdrawals", {"reason": "依据有误"})
    confirm(operators[1], path)


def confirm(operator: ApiClient, path: str) -> None:
    answer = operator.post(f"/assistance{path}/confirmations")
    assert answer.status_code == 201, answer.text


def granted(harness: AssistanceHarness, family: Family, applied: str, decided: str) -> EntitlementGranted:
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    harness.grant(family, applied, decided)
    fact = harness.last(family, EntitlementGranted).fact
    assert isinstance(fact, EntitlementGranted)
    return fact


def repeated(store: Store, documents: Documents, taken: Recorded, person: Family) -> bytes:
    """The decision taken again, from what its log held before it and what it says it read of the register."""
    fact = taken.fact
    assert isinstance(fact, EntitlementApplied | EntitlementGranted)
    assert fact.decided_from is not None
    own, read = fact.decided_from.logs
    with store.reading() as conn, conn.cursor() as cur:
        about = facts_about_persons(cur, [person.pupil.person_id])[person.pupil.person_id]
    register = [r for r in about if r.position <= read.position]
    case = fold(timeline([r for r in store.stream(case_stream(fact.case_id)) if r.position < taken.position]))
    assert case is not None
    pupil = unit_on(fact.unit_id, register, fact.effective_on, household=False)
    lookup, procedures = documents.as_known_to(taken), Procedures(documents.as_known_to(taken))
    again: EntitlementApplied | EntitlementGranted
    if isinstance(fact, EntitlementApplied):
        procedures.in_force(case.procedure, fact.effective_on, fact.division)
        again = apply(case, pupil, Terms(other_grants=str(fact.other_grants)), Programmes(lookup))
    else:
        procedures.edition(case.procedure, case.edition)
        stream = store.stream(taken.stream)
        (applied,) = (
            r.fact for r in stream if isinstance(r.fact, EntitlementApplied) and r.fact.case_id == fact.case_id
        )
        again = grant(case, applied, pupil, Programmes(lookup), fact.entered_by, fact.caused_by or "")
    basis = procedures.basis("assistance", own.position)
    basis = DecidedFrom(logs=(*basis.logs, read), documents=(*basis.documents, *lookup.used))
    return encode(msgspec.structs.replace(again, decided_from=basis))


def decisions(store: Store, family: Family) -> list[Recorded]:
    stream = store.stream(f"entitlements-{family.pupil.person_id}")
    return [r for r in stream if isinstance(r.fact, EntitlementApplied | EntitlementGranted)]


def test_rates_replaced_in_the_middle_adopted_for_the_past_and_withdrawn_leave_every_decision_as_it_was(
    harness: AssistanceHarness,
) -> None:
    families = [Family.new() for _ in range(4)]
    first = granted(harness, families[0], "2014-09-02", "2014-09-12")
    harness.record(families[1].recorded("2014-01-05"), families[1].enrolled("2014-06-01"))
    running = harness.apply(families[1], "2014-09-12")  # applied for at the national rate, decided at the county's
    county = adopt(harness, "990001-2014", "2014-09-20", "1200")
    harness.advance_to("2014-09-22")
    harness.post(harness.reviewer, f"{running}/reviews", {"on": "2014-09-22", "outcome": "passed"})
    harness.post(harness.decider, f"{running}/decisions", decision("2014-09-22"))
    second = harness.last(families[1], EntitlementGranted).fact
    late = adopt(harness, "990001-late", "2014-01-01", "1300")
    withdraw(harness, county)
    third = granted(harness, families[2], "2014-09-22", "2014-10-10")
    withdraw(harness, late)
    fourth = granted(harness, families[3], "2014-10-10", "2014-10-30")

    assert isinstance(second, EntitlementGranted)
    amounts = [str(fact.amounts[0].yuan) for fact in (first, second, third, fourth)]
    assert amounts == ["500.00", "1200.00", "1300.00", "500.00"]
    used = [fact.decided_from and fact.decided_from.documents for fact in (first, second, third, fourth)]
    assert used == [
        (PROCEDURE, PROVINCE), (PROCEDURE, county), (PROCEDURE, late), (PROCEDURE, PROVINCE),
    ]  # fmt: skip

    documents = Documents(harness.assistance, KINDS, FOLLOWED)
    for family in families:
        for taken in decisions(harness.assistance, family):
            assert repeated(harness.assistance, documents, taken, family) == taken.payload


def test_a_house_whose_files_are_gone_starts_and_repeats_its_decisions_byte_for_byte(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    texts, keys = tmp_path / "texts", tmp_path / "keys"
    shutil.copytree(FIRST_TEXTS.folder, texts)
    conninfos: dict[str, str] = {}

    def conninfo(name: str) -> str:
        return conninfos.setdefault(name, database(name))

    family = Family.new()
    with assistance_harness(conninfo, keys, "2014-09-02", FirstTexts(texts, KINDS)) as harness:
        granted(harness, family, "2014-09-02", "2014-09-12")
        before = [harness.assistance.stream(STREAM), harness.stream(family)]
        listed = harness.get("/documents")["items"]
        eligible = harness.get("/eligibility", programme="education_aid")
    shutil.rmtree(texts)
    for _ in range(2):
        gone = FirstTexts(texts, KINDS)
        with lika([registry_stub, lambda e, gone=gone: assistance(e, gone)], conninfo, keys) as running:  # type: ignore[misc]
            store = running.services["assistance"].store
            assert [store.stream(STREAM), store.stream(f"entitlements-{family.pupil.person_id}")] == before
            reader = running.client_for("decider-1", COUNTY, Role.DECIDER)
            assert reader.get("/assistance/documents").json()["items"] == listed
            assert reader.get("/assistance/eligibility", programme="education_aid").json() == eligible
            documents = Documents(store, KINDS, FOLLOWED)
            found = decisions(store, family)
            assert len(found) == 2
            for taken in found:
                assert repeated(store, documents, taken, family) == taken.payload


def test_what_still_runs_of_a_programme_that_ended_is_found_by_whoever_asks_all(harness: AssistanceHarness) -> None:
    """It is the first that would not be granted now; of those who never had it, nothing is asked any longer."""
    text = OF_PROVINCE.replace("education_aid", "ended_aid").replace('"99"', '"990001"').replace("99-2014", "ended")
    adopt_text(harness, text.replace("to: null}", "to: 2014-09-02}", 1))
    has_it, never = Family.new(), Family.new()
    for family in (has_it, never):
        harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    PayOffice(harness).grant([has_it], "2014-09-01", programme="ended_aid")
    pupil = str(has_it.pupil.person_id)

    def differing(programme: str | None = None) -> list[tuple[str, str]]:
        asked = {} if programme is None else {"programme": programme}
        found = harness.get("/eligibility", None, only="not_eligible", **asked)["items"]
        return [(each["unit_id"], each["reasons"][0]["code"]) for each in found if each["programme"] == "ended_aid"]

    assert differing() == differing("ended_aid") == []
    harness.advance_to("2014-09-03")
    assert differing() == differing("ended_aid") == [(pupil, "no_standard_in_force")]
    every = harness.get("/eligibility", limit=200)["items"]
    assert [each["unit_id"] for each in every if each["programme"] == "ended_aid"] == [pupil]
    typed = harness.decider.get("/assistance/eligibility", programme="ended_aids", only="to_apply")
    assert (typed.status_code, typed.json()["code"]) == (422, "programme_never_adopted")
