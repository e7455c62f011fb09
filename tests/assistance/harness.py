"""A test harness: the real assistance service beside a stub registry that records what a test gives it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from contracts.civil import SHANGHAI
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause, SchoolStage
from contracts.registry.households import (
    FactsAnnulled,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdSplit,
)
from contracts.registry.members import Member, MemberDied, MemberSurveyed, Relation, Sex
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.service import assistance
from services.casework.documents.first_texts import FirstTexts
from services.chassis.environment import Environment
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY_TEXTS
from services.registry.households.store import NUMBER_CHECK, save
from services.registry.number_reviews.feed import set_aside_pending
from tests.support.access import NO_ROUTES
from tests.support.running import ApiClient, Build, Lika, lika

VILLAGE, NEXT_VILLAGE = "990001101201", "990001101202"
TOWNSHIP, COUNTY = "990001101", "990001"
SEALED: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
ENTERED_BY = "cadre-0"
TERMS = {("-09-01", "-01-31"), ("-02-15", "-07-15")}
CALENDARS = FirstTexts(REGISTRY_TEXTS.folder / "school_terms", REGISTRY_TEXTS.kinds)
"""Without which no term is due."""
VOTES = {"entitled": 20, "present": 15, "in_favour": 14, "against": 0, "abstained": 1}


def build_member(stage: SchoolStage = SchoolStage.NONE, *, boarder: bool = False, head: bool = False) -> Member:
    """A member with no particulars but these."""
    return Member(
        person_id=uuid4(), name=SEALED, sex=Sex.FEMALE, birth_year=2003,
        relation=Relation.HEAD if head else Relation.CHILD, school_stage=stage, boarder=boarder,
    )  # fmt: skip


def fact(kind: Callable[..., Any], household: UUID, day: str, **fields: Any) -> Any:
    return kind(household_id=household, effective_on=date.fromisoformat(day), entered_by=ENTERED_BY, **fields)


@dataclass
class Family:
    """Builds the registry's facts about one household with one pupil."""

    household: UUID
    head: Member
    pupil: Member
    division: str = VILLAGE

    @classmethod
    def new(cls, stage: SchoolStage = SchoolStage.PRIMARY, *, boarder: bool = True) -> "Family":
        return cls(uuid4(), build_member(head=True), build_member(stage, boarder=boarder))

    def recorded(self, day: str) -> HouseholdRecorded:
        members = (self.head, self.pupil)
        return fact(HouseholdRecorded, self.household, day, division=self.division, members=members)  # type: ignore[no-any-return]

    def enrolled(self, day: str) -> HouseholdFact:
        return fact(HouseholdEnrolled, self.household, day, standard=Standard.NATIONAL)  # type: ignore[no-any-return]

    def exited(self, day: str, *, enjoys_policies: bool = True) -> HouseholdFact:
        return fact(HouseholdExited, self.household, day, enjoys_policies=enjoys_policies)  # type: ignore[no-any-return]

    def returned(self, day: str) -> HouseholdFact:
        return fact(HouseholdReturned, self.household, day, cause=PovertyCause.ILLNESS, former_exit="registry/x/1")  # type: ignore[no-any-return]

    def removed(self, day: str, *annuls: str) -> HouseholdFact:
        return fact(HouseholdRemoved, self.household, day, reason="never qualified", annuls=annuls)  # type: ignore[no-any-return]

    def moved(self, day: str, instant: str = NEXT_VILLAGE) -> HouseholdFact:
        return fact(HouseholdMoved, self.household, day, from_division=self.division, to_division=instant)  # type: ignore[no-any-return]

    def pupil_died(self, day: str) -> HouseholdFact:
        return fact(MemberDied, self.household, day, person_id=self.pupil.person_id)  # type: ignore[no-any-return]

    def pupil_surveyed(self, day: str, stage: SchoolStage, *, boarder: bool | None = None) -> HouseholdFact:
        return fact(  # type: ignore[no-any-return]
            MemberSurveyed, self.household, day, person_id=self.pupil.person_id, school_stage=stage, boarder=boarder
        )

    def split(self, day: str, new: UUID) -> tuple[HouseholdFact, HouseholdFact]:
        """The pupil forms a household of its own."""
        gone = fact(HouseholdSplit, self.household, day, new_household_id=new, person_ids=(self.pupil.person_id,))
        formed = fact(
            HouseholdFormed, new, day, split_from=self.household, person_ids=(self.pupil.person_id,),
            head=self.pupil.person_id,
        )  # fmt: skip
        return gone, formed

    def annulled_split(self, day: str, gone: str, formed: str, new: UUID) -> tuple[HouseholdFact, HouseholdFact]:
        """Both halves of a split, each in its own stream."""
        return self.annulled(day, gone), fact(FactsAnnulled, new, day, reason="wrong", annuls=(formed,))

    def annulled(self, day: str, *ids: str) -> HouseholdFact:
        return fact(FactsAnnulled, self.household, day, reason="wrong", annuls=ids)  # type: ignore[no-any-return]


def registry_stub(environment: Environment) -> tuple[Service, FastAPI]:
    """A registry that has a log, and the timer that its households set."""
    service = Service(
        "registry", "registry of a test", environment, open_store("registry", environment), access=NO_ROUTES,
        deadlines={NUMBER_CHECK: set_aside_pending},
    )  # fmt: skip
    return service, service.app()


class AssistanceHarness:
    """Drives assistance and the stub registry; the test advances their clock."""

    def __init__(self, running: Lika) -> None:
        self.running = running
        self.registry, self.assistance = running.services["registry"].store, running.services["assistance"].store
        self.cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)
        self.reviewer = running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER)
        self.decider = running.client_for("decider-1", COUNTY, Role.DECIDER)
        self.operator = running.client_for("operator-1", "", Role.OPERATOR)

    def record(self, *facts: HouseholdFact) -> tuple[str, ...]:
        """The registry records these in one commit; later reads wait until assistance has reacted. Their ids."""

        by_household: dict[UUID, list[HouseholdFact]] = {}
        for one in facts:
            by_household.setdefault(one.household_id, []).append(one)

        def work(tx: Any) -> tuple[str, ...]:
            saved = save(tx, by_household)
            left = {household: iter(ids) for household, ids in saved.items()}
            ids = [next(left[f.household_id]) for f in facts]
            self.running.positions["registry"] = tx.head + len(facts)
            return tuple(ids)

        ids = self.registry.transact(work, actor=ENTERED_BY)
        self.get("/inbox")  # waits until assistance has reacted
        return ids

    def advance_to(self, day: str) -> None:
        """Nine in the morning of that day, in every log."""
        instant = datetime.combine(date.fromisoformat(day), time(9), SHANGHAI).astimezone(UTC)
        for log in self.running.services:
            stepped = self.operator.post(f"/{log}/clock/steps", {"to": instant.isoformat()})
            assert stepped.status_code == 201, stepped.text

    def reach(self, day: str) -> None:
        """``advance_to``, where no test before did."""
        if self.assistance.now().astimezone(SHANGHAI).date() < date.fromisoformat(day):
            self.advance_to(day)

    def get(self, path: str, who: ApiClient | None = None, **params: Any) -> Any:
        answer = (who or self.decider).get(f"/assistance{path}", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, who: ApiClient, path: str, body: dict[str, Any]) -> str:
        """Accepted; where the result can be read, without the service's name."""
        answer = who.post(f"/assistance{path}", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["location"]).removeprefix("/assistance")

    def refused(self, who: ApiClient, path: str, body: dict[str, Any]) -> tuple[int, str]:
        answer = who.post(f"/assistance{path}", body)
        return answer.status_code, answer.json()["code"]

    def cannot_stand(self, path: str, body: dict[str, Any]) -> str:
        """By which rule what a decision would bring about is refused."""
        answer = self.decider.post(f"/assistance{path}", body).json()
        assert answer["code"] == "effect_cannot_stand"
        return str(answer["facts"]["because"]["code"])

    def apply(self, family: Family, day: str) -> str:
        """An application that the village has appraised and posted on that day."""
        one = self.post(self.cadre, "/cases", application(family, day))
        self.post(self.cadre, f"{one}/appraisals", {"on": day, **VOTES})
        self.post(self.cadre, f"{one}/notices", {"on": day})
        return one

    def grant(self, family: Family, applied: str, decided: str) -> str:
        """All steps to a grant, with the notice over in between."""
        one = self.apply(family, applied)
        self.advance_to(decided)
        self.post(self.reviewer, f"{one}/reviews", {"on": decided, "outcome": "passed"})
        self.post(self.decider, f"{one}/decisions", decision(decided))
        return one

    def entitlements(self, family: Family) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("/entitlements", person_id=str(family.pupil.person_id))["items"]
        return items

    def stream(self, family: Family) -> Sequence[Recorded]:
        return self.assistance.stream(f"entitlements-{family.pupil.person_id}")

    def last(self, family: Family, kind: type[Fact]) -> Recorded:
        """The last fact of that kind in the pupil's stream."""
        return next(r for r in reversed(self.stream(family)) if isinstance(r.fact, kind))

    def assert_caused_by(self, recorded: Recorded, cause: str) -> None:
        """It names its cause and was recorded after it."""
        assert recorded.fact.caused_by == cause
        stream, version = cause.removeprefix("registry/").rsplit("/", 1)
        assert recorded.recorded_at > self.registry.stream(stream)[int(version) - 1].recorded_at


def terms(due: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What is due by school term, as the calendar has them."""
    assert all((line["first"][4:], line["last"][4:]) in TERMS for line in due)
    return [(line["first"][:7], line["amount"]) for line in due]


def reviewed(entitlement: dict[str, Any]) -> tuple[list[str], str]:
    """The terms that go to review, by their first months, and the sum."""
    review = entitlement["review"]
    return [first for first, _ in terms(review["lines"])], review["amount"]


def application(family: Family, day: str, **terms: str) -> dict[str, Any]:
    subject = str(family.pupil.person_id)
    return {"subject": subject, "procedure": "education_aid", "terms": terms, "on": day, "grounds": "家庭困难"}


def decision(day: str, *, approved: bool = True) -> dict[str, Any]:
    return {
        "on": day, "approved": approved, "organ": "县教育局", "document_no": "教助〔2014〕1号", "signer": "局长",
    }  # fmt: skip


@contextmanager
def assistance_harness(
    database: Callable[[str], str],
    folder: Path,
    day: str,
    first_texts: FirstTexts = FIRST_TEXTS,
    calendars: FirstTexts | None = CALENDARS,
    beside: Sequence[Build] = (),
) -> Iterator[AssistanceHarness]:
    """The services, and those ``beside`` them, on a simulated clock that starts at nine in the morning of that day."""
    starts = datetime.combine(date.fromisoformat(day), time(9), SHANGHAI).astimezone(UTC)
    with lika([registry_stub, lambda e: assistance(e, first_texts), *beside], database, folder, starts) as running:
        if calendars is not None:
            calendars.adopt(running.services["registry"].store)
        yield AssistanceHarness(running)
