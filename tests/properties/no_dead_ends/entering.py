"""Data entry of a true history over HTTP, as it is or with a slip: what is asked for each act, and whom it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from services.registry.households.resident_id import check_character
from tests.properties.no_dead_ends.agent import Request
from tests.properties.no_dead_ends.forms import form_of
from tests.properties.no_dead_ends.lawful_histories import ON_RECORD, PROCEDURES, LawfulHistory
from tests.properties.no_dead_ends.registered import Registered, year_of_birth
from tests.properties.true_households import Act, Kind
from tests.support.evidence import on_paper


@dataclass(frozen=True)
class Slip:
    """A mistake of data entry: ``days`` beside the true day, about the household ``beside`` the true one, or ``identity``: with
    another's ID number, and so as a woman."""

    days: int = 0
    beside: int = 0
    identity: bool = False


NO_SLIP = Slip()


class DataEntry:
    """Of one history, in villages of its own. ``first``: number of the official who enters."""

    def __init__(self, history: LawfulHistory, registered: Registered, number: int) -> None:
        self.history, self.registered, self._number = history, registered, number

    def request(self, act: Act, slip: Slip = NO_SLIP, first: int = 0) -> Request | None:
        """``None`` where the register does not know the household or a person whom it is about."""
        on = (act.day + timedelta(slip.days)).isoformat()
        if act.kind is Kind.RECORD:
            village = (act.village or 0) + slip.beside
            return Request(
                "record_household", "/registry/households", self._recording(act, on, village, slip), (), first
            )
        number = (act.household + slip.beside) % len(self.history.households)
        household = self.registered.household(number)
        if household is None:
            return None
        path = f"/registry/households/{household}"
        if act.kind in PROCEDURES:
            return self._opening(act, household, slip, first)
        if act.kind is Kind.MOVE:
            form = {"from_division": self._village(act.left or 0), "to_division": self._village(act.village or 0)}
            missing = self.registered.village(household) != form["from_division"]
            return Request(
                "move_household",
                f"{path}/moves",
                {"effective_on": on, **form, "earlier_move_missing": missing},
                (),
                first,
            )
        if act.kind is Kind.SURVEY:
            form = {"effective_on": on, "attribute": str(act.attribute)}
            return Request("survey_household", f"{path}/surveys", form, (), first)
        return self._about_persons(act, path, on, first, slip)

    def _opening(self, act: Act, household: UUID, slip: Slip, first: int) -> Request | None:
        """Of the case that brings it about."""
        opened = self.history.opened_on(act.number) + timedelta(slip.days)
        settled: dict[str, Any] = {"subject": str(household), "procedure": self.history.procedure(act)}
        if act.kind in ON_RECORD:
            persons = [self.registered.person(p) for p in act.persons]
            into = None if act.merged_into is None else self.registered.household(act.merged_into)
            if None in persons or (act.kind is Kind.MERGE and into is None):
                return None
            others = [str(p) for p in persons]
            settled["terms"] = {"effective_on": (act.day + timedelta(slip.days)).isoformat()} | (
                {"reason": "lost"} if act.kind is Kind.END
                else {"person_ids": others, "head": others[0]} if act.kind is Kind.REINSTATE
                else {"merged_into": str(into), "relations": [{"person_id": p, "relation": "other"} for p in others]}
            )  # fmt: skip
        return Request("open_case", "/registry/cases", form_of("open_case", settled, opened, {}), (), first)

    def _about_persons(self, act: Act, path: str, on: str, first: int, slip: Slip) -> Request | None:
        persons = [self.registered.person(p) for p in act.persons]
        if act.kind is Kind.JOIN:
            member = self.member(act.persons[0], "other", slip)
            known = {} if persons[0] is None else {"person_id": str(persons[0])}
            form = {"effective_on": on, "member": member, "reason": "marriage", **known}
            return Request("join_member", f"{path}/members", form, (), first)
        successor = None if act.successor is None else self.registered.person(act.successor)
        if None in persons or (act.successor is not None and successor is None):
            return None
        if act.kind is Kind.SPLIT:
            going = [str(p) for p in persons]
            form = {"effective_on": on, "person_ids": going, "head": going[0]}
            return Request("split_household", f"{path}/splits", form, (), first)
        if act.kind is Kind.HEAD:
            head = {"effective_on": on, "person_id": str(persons[0])}
            return Request("change_head", f"{path}/heads", head, (), first)
        follows = {} if successor is None else {"successor": str(successor)}
        if act.kind is Kind.DIE:
            died = {"effective_on": on, "evidence": on_paper("certificate"), **follows}
            return Request("record_death", f"{path}/members/{persons[0]}/deaths", died, (), first)
        form = {"effective_on": on, "reason": "marriage", **follows}
        return Request("record_departure", f"{path}/members/{persons[0]}/departures", form, (), first)

    def correction_of_recording(self, act: Act, household: UUID) -> Request:
        """The first recording as it should have been."""
        form = self._recording(act, act.day.isoformat(), act.village or 0)
        for number, member in zip(act.persons, form["members"], strict=True):
            if (person := self.registered.person(number)) is not None:
                member["person_id"] = str(person)
        return Request("correct_recording", f"/registry/households/{household}/recordings", form)

    def annulment(self, recorded: Recorded, today: date, first: int = 0) -> Request:
        """Of the act that recorded this."""
        household = recorded.fact.household_id  # type: ignore[attr-defined]
        form = {"effective_on": today.isoformat(), "acts": [str(recorded.command_id)], "reason": "录入有误"}
        return Request("correct_facts", f"/registry/households/{household}/corrections", form, (), first)

    def replacement(self, decided: Recorded, true: Act, today: date) -> Request:
        """Of a decision by the one that should have been taken."""
        decision = {"in_place_of": decided.id, "effective_on": true.day.isoformat()}
        household = decided.fact.household_id  # type: ignore[attr-defined]
        settled = {"subject": str(household), "procedure": "correction", "terms": {"decisions": [decision]}}
        return Request("open_case", "/registry/cases", form_of("open_case", settled, today, {}))

    def entered(self, act: Act, location: str | None) -> None:
        """Take note of the household that this act made."""
        number = act.household if act.kind is Kind.RECORD else act.new_household
        if number is not None and location is not None:
            self.registered.households.setdefault(number, []).append(UUID(location.rpartition("/")[2]))

    def villages_of(self, household: UUID) -> Sequence[str]:
        """Where it may be: today by the register first."""
        return [v for v in dict.fromkeys((self.registered.village(household), *self.registered.villages)) if v]

    def villages_for(self, act: Act) -> Sequence[str]:
        """Where the household may be: today by the register first."""
        household = self.registered.household(act.household)
        today = None if household is None else self.registered.village(household)
        true = self._village(act.village or 0) if act.kind is Kind.RECORD else None
        return [v for v in dict.fromkeys((true, today, *self.registered.villages)) if v is not None]

    def member(self, person: int, relation: str, slip: Slip = NO_SLIP) -> dict[str, Any]:
        sex = "female" if slip.identity else "male"
        return {
            "name": "王某", "sex": sex, "birth_year": year_of_birth(person), "relation": relation,
            "id_number": self._id_number(person, sex),
        }  # fmt: skip

    def identity_correction(self, household: UUID, person: int, id_: UUID, today: date) -> Request:
        """Of somebody who was entered with another's ID number."""
        terms = {"person_id": str(id_), "sex": "male", "id_number": self._id_number(person, "male")}
        settled = {"subject": str(household), "procedure": "identity_correction", "terms": terms}
        return Request("open_case", "/registry/cases", form_of("open_case", settled, today, {}))

    def _recording(self, act: Act, on: str, village: int, slip: Slip = NO_SLIP) -> dict[str, Any]:
        members = [
            self.member(p, "head" if place == 0 else "other", slip if place == 0 else NO_SLIP)
            for place, p in enumerate(act.persons)
        ]
        return {"division": self._village(village), "effective_on": on, "members": members}

    def _village(self, number: int) -> str:
        return self.registered.villages[number % len(self.registered.villages)]

    def _id_number(self, person: int, sex: str) -> str:
        """One of its own in all examples: the prefix was never assigned."""
        day = date(year_of_birth(person), 1, 1) + timedelta(self._number // 499 % 365)
        digits = f"990001{day:%Y%m%d}{self._number % 499 * 2 + (sex == 'male'):03d}"
        return digits + check_character(digits)
