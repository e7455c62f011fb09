"""Which acts of assistance are open about a household or a member of it: what it does for them is entered elsewhere than at
their path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.casework.records import SubjectKind
from services.assistance.areas import HOUSEHOLD_AREAS
from services.assistance.pairing.queries import BEFORE_FIRST, PairingQueries
from services.casework.procedures.open_acts import acts_of_cases
from services.casework.procedures.steps import CaseSteps
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in

HOUSEHOLD = "/households/{household_id}"
HELPER = "/pairings/{household_id}/helpers/{helper}"
"""Somebody who helps a household: a subject of acts alone."""


def subject_acts(store: Store, steps: CaseSteps) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    found = AssistanceActs(store)
    return {
        HOUSEHOLD: found.of_household,
        f"{HOUSEHOLD}/members/{{person_id}}": found.of_member,
        HELPER: found.of_helper,
        **acts_of_cases(steps),
    }


@dataclass(frozen=True)
class AssistanceActs:
    """Each method is a ``SubjectActs``."""

    store: Store

    def of_household(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        self._require_in_area(ids, actor)
        household = id_in(ids, "household_id")
        record = {"subject": {"kind": SubjectKind.HOUSEHOLD, "id": household}}
        return [OpenAct("assign_helper", form={"household_id": household}), OpenAct("make_record", form=record), *there]

    def of_member(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        self._require_in_area(ids, actor)
        person = id_in(ids, "person_id")
        record = {"subject": {"kind": SubjectKind.PERSON, "id": person}}
        return [OpenAct("open_case", form={"subject": person}), OpenAct("make_record", form=record), *there]

    def of_helper(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """Who helps now hands over, or is released."""
        household, helper = id_in(ids, "household_id"), ids["helper"]
        current = PairingQueries(self.store).pairings(actor.division, household, helper, BEFORE_FIRST, 1, current=True)
        acts = ("release_helper", "hand_over") if current else ()
        return [OpenAct(act, {"household_id": household}, {"former_helper": helper}) for act in acts]

    def _require_in_area(self, ids: Mapping[str, str], actor: Actor) -> None:
        """Raises ``NOT_FOUND``."""
        sql = f"SELECT division FROM ({HOUSEHOLD_AREAS}) areas WHERE subject = %s"
        with self.store.reading() as conn:
            row = conn.execute(sql.encode(), (id_in(ids, "household_id"),)).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
