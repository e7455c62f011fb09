"""Which acts of assistance are open about a household or a member of it: what it does for them is entered elsewhere than at
their path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.civil import civil_day
from services.assistance.areas import HOUSEHOLD_AREAS
from services.assistance.collections.open_acts import acts_of_grants
from services.assistance.pairs.queries import Asked, PairQueries
from services.assistance.payments.open_acts import acts_of_pay_lists
from services.assistance.training.open_acts import acts_of_courses
from services.casework.documents.reading import Documents
from services.casework.documents.store import Persons
from services.casework.procedures.open_acts import acts_of_cases
from services.casework.procedures.steps import CaseSteps
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, among, id_in

HOUSEHOLD = "/households/{household_id}"
PAIR, LISTING = "/pairs/{subject}/{number}", "/listings/{subject}/{number}"
"""A pair, or an entry of a list: subjects of acts alone."""
BY_REGISTER = "0"
"""The number of whoever is on the list by what the register says of them: nobody takes them off it."""
FIRST, MOST = ("", UUID(int=0), 0), 1_000


def subject_acts(
    store: Store, steps: CaseSteps, pairs: PairQueries, persons: Persons, documents: Documents
) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there. ``persons``: which accounts are one person's."""
    found = AssistanceActs(store, pairs)
    return {
        HOUSEHOLD: found.of_household,
        f"{HOUSEHOLD}/members/{{person_id}}": found.of_member,
        PAIR: found.of_pair,
        LISTING: found.of_listing,
        **acts_of_pay_lists(store, persons),
        **acts_of_courses(store),
        **acts_of_grants(store, documents),
        **acts_of_cases(steps),
    }


@dataclass(frozen=True)
class AssistanceActs:
    """Each method is a ``SubjectActs``."""

    store: Store
    pairs: PairQueries

    def of_household(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        self._require_in_area(ids, actor)
        household = id_in(ids, "household_id")
        record = {"subject": {"kind": SubjectKind.HOUSEHOLD, "id": household}}
        return [OpenAct("form_pair", form=record), OpenAct("make_record", form=record), *there]

    def of_member(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        self._require_in_area(ids, actor)
        person = id_in(ids, "person_id")
        record = {"subject": {"kind": SubjectKind.PERSON, "id": person}}
        return [OpenAct("open_case", form={"subject": person}), OpenAct("make_record", form=record), *there]

    def of_pair(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """Letters and contracts where its kind takes them, and another village where a village is helped. One that is over can still
        have been entered by mistake."""
        asked = Asked(actor=actor, division=actor.division, kind=None, subject=id_in(ids, "subject"))
        pair = next((p for p in self.pairs.pairs(asked, FIRST, MOST) if str(p.number) == ids["number"]), None)
        if pair is None:
            raise Refused(NOT_FOUND)
        if pair.until is not None and pair.until <= civil_day(self.store.now()):
            return among(there, ["annul_pair"])
        closed = {
            "sign_commitment": not pair.committed_first or pair.since is not None,
            "sign_exit_contract": not self.pairs.takes_contract(pair.kind),
            "reassign_helper": pair.about != SubjectKind.DIVISION,
        }
        return [each for each in there if not closed.get(each.act, False)]

    def of_listing(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        return [] if ids["number"] == BY_REGISTER else there

    def _require_in_area(self, ids: Mapping[str, str], actor: Actor) -> None:
        """Raises ``NOT_FOUND``."""
        sql = f"SELECT division FROM ({HOUSEHOLD_AREAS}) areas WHERE subject = %s"
        with self.store.reading() as conn:
            row = conn.execute(sql.encode(), (id_in(ids, "household_id"),)).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
