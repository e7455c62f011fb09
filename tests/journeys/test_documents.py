"""Documents that take force, are replaced and withdrawn while cases run under them; and a house whose files are gone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.canonical import encode
from contracts.casework.cases import CaseDecided, CaseOpened, NoticePosted
from contracts.civil import civil_day
from contracts.roles import Role
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.reading import Documents
from services.casework.procedures.domain import decide
from services.casework.procedures.repository import Procedures
from services.casework.procedures.state import CaseState, evolve
from services.chassis.law.content import canonical_text, content_of
from services.chassis.log.store import Store
from services.registry.document_kinds import FIRST_TEXTS, KINDS
from services.registry.service import registry
from tests.lika.simulation.case_replay import command_of
from tests.lika.simulation.test_cases import status_on
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

COUNTY, OTHER_COUNTY = "990001", "990002"
VILLAGE, OTHER_VILLAGE = f"{COUNTY}101201", f"{OTHER_COUNTY}101201"
MINUTES = on_paper("minutes")
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENTS = "/registry/documents"
STARTS = datetime(2014, 5, 1, tzinfo=UTC)


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry], database, tmp_path, STARTS) as started:
        declare_villages(started)
        yield started


def declare_villages(running: Lika) -> None:
    for village in (VILLAGE, OTHER_VILLAGE):
        body = {"code": village, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
        accepted(running.client_for("op-1", "", Role.OPERATOR).post("/registry/divisions", body))


def accepted(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def advance_to(running: Lika, day: str) -> None:
    stepped = running.client_for("op-1", "", Role.OPERATOR).post(
        "/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}
    )
    assert stepped.status_code == 201, stepped.text


def edition(name: str, *, days: int, since: str = "2014-01-01", place: str = COUNTY, calendar: str = "days") -> str:
    """The shipped identification, with other days of notice."""
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.key == "identification"]
    content = content_of(shipped)
    steps = tuple(
        {**step, "days": days, "calendar": calendar} if step["kind"] == "notice" else step for step in content["steps"]
    )
    term = {"from": date.fromisoformat(since), "to": None}
    return canonical_text({**content, "edition": name, "jurisdiction": place, "in_force": term, "steps": steps})


def adopt(running: Lika, content: str, area: str = COUNTY) -> str:
    document = accepted(running.client_for("op-a", area, Role.OPERATOR).post(DOCUMENTS, {"content": content}))
    return confirm(running, document, area)


def confirm(running: Lika, document: str, area: str = COUNTY) -> str:
    accepted(running.client_for("op-b", area, Role.OPERATOR).post(f"{document}/confirmations"))
    return document.removeprefix("/")


def withdraw(running: Lika, document: str, area: str = COUNTY) -> None:
    client = running.client_for("op-a", area, Role.OPERATOR)
    accepted(client.post(f"/{document}/withdrawals", {"reason": "依据有误"}))
    confirm(running, f"/{document}", area)


def cadre(running: Lika, village: str) -> ApiClient:
    return running.client_for(f"cadre-{village[5]}", village, Role.CADRE)


def opened(running: Lika, village: str, on: str) -> str:
    client = cadre(running, village)
    head = {"name": "王某", "sex": "male", "birth_year": 1970, "relation": "head"}
    body = {"division": village, "effective_on": "2014-05-01", "members": [head]}
    household = accepted(client.post("/registry/households", body)).rpartition("/")[2]
    case = {"subject": household, "procedure": "identification", "on": on, "grounds": "情况属实"}
    return accepted(client.post("/registry/cases", case))


def posted(running: Lika, case: str, on: str) -> str:
    """Visited, appraised and posted on that day; the day on which the notice may be closed."""
    client = cadre(running, VILLAGE if village_of(running, case) == VILLAGE else OTHER_VILLAGE)
    accepted(client.post(f"{case}/visits", {"on": on, "confirmed": True}))
    accepted(client.post(f"{case}/appraisals", {"on": on, **VOTE}))
    accepted(client.post(f"{case}/notices", {"on": on}))
    return str(client.get(case).json()["notice_ends"])


def village_of(running: Lika, case: str) -> str:
    return str(running.client_for("auditor-1", "", Role.AUDITOR).get(case).json()["division"])


def test_a_county_s_edition_replaces_the_national_one_in_its_area_without_a_release(running: Lika) -> None:
    advance_to(running, "2014-05-10")
    before = opened(running, VILLAGE, "2014-05-10")
    adopt(running, edition("990001-2014", days=10, since="2014-05-11"))
    advance_to(running, "2014-05-11")
    eve = opened(running, VILLAGE, "2014-05-10")
    after, elsewhere = opened(running, VILLAGE, "2014-05-11"), opened(running, OTHER_VILLAGE, "2014-05-11")
    ends = [posted(running, case, "2014-05-11") for case in (before, eve, after, elsewhere)]
    assert ends == ["2014-05-19", "2014-05-19", "2014-05-22", "2014-05-19"]
    editions = [running.client_for("auditor-1", "", Role.AUDITOR).get(case).json()["edition"] for case in
                (before, eve, after, elsewhere)]  # fmt: skip
    assert editions == ["2014", "2014", "990001-2014", "2014"]


def repeated(store: Store, documents: Documents, case: str) -> int:
    """Take every command on the case again, from what its log held before and with the documents known then; each must
    come to the same bytes. Returns how many facts were compared."""
    entries = store.stream(f"case-{case.rpartition('/')[2]}")
    opening = entries[0].fact
    assert isinstance(opening, CaseOpened)
    household = list(store.stream(f"household-{opening.household_id}"))
    state: CaseState | None = None
    for _, group in groupby(entries, key=lambda r: r.command_id):
        recorded = list(group)
        first = recorded[0]
        command = command_of(first.fact, civil_day(first.recorded_at))
        subject = status_on(household, first, command.on, state.case_id if state else None)
        procedures = Procedures(documents.as_known_to(first))
        edition = (
            procedures.in_force(opening.procedure, command.on, subject.area)
            if state is None
            else procedures.edition(state.procedure, state.edition)
        )
        holidays = procedures.holidays(command.on, subject.area) if edition.counts_working_days else None
        basis = procedures.basis("registry", first.position - 1)
        again = decide(command, state, edition, subject, holidays)
        assert [
            encode(msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, CaseDecided) else fact)
            for fact in again
        ] == [r.payload for r in recorded]
        for fact in again:
            state = evolve(state, fact)
    return len(entries)


def decided(running: Lika, case: str, posted_on: str, day: str) -> str:
    """Posted, and after both notices decided by the county; the name of the case's edition."""
    village = village_of(running, case)
    county, township = village[:6], village[:9]
    posted(running, case, posted_on)
    reviewer = running.client_for("reviewer-t", township, Role.REVIEWER)
    advance_to(running, day)
    accepted(reviewer.post(f"{case}/reviews", {"on": day, "outcome": "passed"}))
    accepted(running.client_for("cadre-t", township, Role.CADRE).post(f"{case}/notices", {"on": day}))
    later = f"{day[:5]}{int(day[5:7]) + 1:02}{day[7:]}"
    advance_to(running, later)
    comparison = {"on": later, "clean": True, "departments": ["民政局"]}
    accepted(running.client_for("reviewer-c", county, Role.REVIEWER).post(f"{case}/comparisons", comparison))
    paper = {"approved": True, "organ": "县扶贫开发领导小组", "document_no": "1号", "signer": "组长"}
    accepted(running.client_for("decider-c", county, Role.DECIDER).post(f"{case}/decisions", {"on": later, **paper}))
    return str(running.client_for("auditor-1", "", Role.AUDITOR).get(case).json()["edition"])


def calendar(name: str, place: str, *days_off: date) -> str:
    """The shipped holidays, with other days off, in a place."""
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.kind == "calendar"]
    content = content_of(shipped)
    return canonical_text(
        {**content, "edition": name, "jurisdiction": place, "days_off": (*content["days_off"], *days_off)}
    )


def test_documents_replaced_adopted_for_the_past_and_withdrawn_leave_every_decision_as_it_was(running: Lika) -> None:
    advance_to(running, "2014-05-12")
    adopt(running, edition("990001-working", days=5, calendar="working_days"))
    first = opened(running, VILLAGE, "2014-05-12")
    running_on = opened(running, VILLAGE, "2014-05-12")
    assert posted(running, running_on, "2014-05-12") == "2014-05-20"  # five working days after the day of posting
    local = adopt(running, calendar("990001-holidays", COUNTY, date(2014, 5, 14)))
    late = adopt(running, edition("990001-late", days=9))  # for the past: since 2014-01-01
    second = opened(running, VILLAGE, "2014-05-12")
    assert decided(running, first, "2014-05-12", "2014-06-03") == "990001-working"
    assert decided(running, second, "2014-06-03", "2014-07-21") == "990001-late"
    withdraw(running, late)
    withdraw(running, local)
    third = opened(running, VILLAGE, "2014-08-21")
    assert decided(running, third, "2014-08-21", "2014-09-10") == "990001-working"

    store = running.services["registry"].store
    documents = Documents(store, KINDS)
    assert sum(repeated(store, documents, case) for case in (first, running_on, second, third)) > 25
    ends = [r.fact for r in store.stream(f"case-{first.rpartition('/')[2]}") if isinstance(r.fact, NoticePosted)]
    assert ends[0].last_day == date(2014, 5, 20)  # the county's own day off was known when this one was posted


def test_a_house_whose_files_are_gone_starts_and_repeats_its_decisions_byte_for_byte(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    texts, keys = tmp_path / "texts", tmp_path / "keys"
    shutil.copytree(FIRST_TEXTS.folder, texts)
    conninfos: dict[str, str] = {}

    def conninfo(name: str) -> str:
        return conninfos.setdefault(name, database(name))

    def start(with_texts: FirstTexts) -> AbstractContextManager[Lika]:
        return lika([lambda environment: registry(environment, with_texts)], conninfo, keys, STARTS)

    with start(FirstTexts(texts, KINDS)) as running:
        declare_villages(running)
        advance_to(running, "2014-05-12")
        case = opened(running, VILLAGE, "2014-05-12")
        assert decided(running, case, "2014-05-12", "2014-06-03") == "2014"
        before = running.services["registry"].store.stream(STREAM)
        listed = running.client_for("auditor-1", "", Role.AUDITOR).get(DOCUMENTS).json()
    shutil.rmtree(texts)
    for _ in range(2):
        with start(FirstTexts(texts, KINDS)) as running:
            store = running.services["registry"].store
            assert store.stream(STREAM) == before
            assert running.client_for("auditor-1", "", Role.AUDITOR).get(DOCUMENTS).json() == listed
            assert repeated(store, Documents(store, KINDS), case) > 8
            again = opened(running, VILLAGE, "2014-07-03")  # and goes on
            assert posted(running, again, "2014-07-03") == "2014-07-11"
