"""Which acts are open on the register's subjects as they are today. Of subjects that are not here, all acts at their path are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.casework.procedures.open_acts import acts_of_cases
from services.casework.procedures.steps import CaseSteps
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, among, id_in
from services.registry.areas import HOUSEHOLD_AREAS
from services.registry.clues.domain import ClueState
from services.registry.clues.domain import open_acts as open_acts_of_clue
from services.registry.clues.queries import ClueQueries
from services.registry.corrections.queries import ReportQueries
from services.registry.identities.store import IDENTITY
from services.registry.moves.queries import MoveQueries

HOUSEHOLD = "/households/{household_id}"
CORRECTION = "correction"
"""The procedure that makes true what was reported."""


def subject_acts(store: Store, steps: CaseSteps) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    found = RegisterActs(store, steps)
    return {
        HOUSEHOLD: found.of_household,
        f"{HOUSEHOLD}/members/{{person_id}}": found.of_member,
        f"{HOUSEHOLD}/members/{{person_id}}/enrolments/{{enrolment_id}}": found.of_member,
        f"{HOUSEHOLD}/reports/{{report_id}}": found.of_report,
        "/clues/{clue_id}": found.of_clue,
        "/moves/{move_id}": found.of_move,
        "/identity-corrections/{case_id}": found.of_identity_correction,
        **acts_of_cases(steps),
    }


@dataclass(frozen=True)
class RegisterActs:
    """Each method is a ``SubjectActs``."""

    store: Store
    steps: CaseSteps

    def of_household(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """A case about it may be opened, too."""
        household = self._require_in_area(ids, actor)
        return [*there, OpenAct("open_case", form={"subject": household})]

    def of_member(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        self._require_in_area(ids, actor)
        return there

    def of_report(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """While it waits; a correction makes it true."""
        household, report = id_in(ids, "household_id"), id_in(ids, "report_id")
        if not ReportQueries(self.store, HOUSEHOLD_AREAS).waits(household, report, actor.division):
            return []
        return [OpenAct("open_case", form={"subject": household, "procedure": CORRECTION}), *there]

    def of_clue(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """One of a household on record is taken up by a case."""
        clue = ClueQueries(self.store).clue(id_in(ids, "clue_id"), actor)
        taken_up = OpenAct("open_case", form={"subject": clue.household_id, "clue_id": clue.clue_id})
        known, state = clue.household_id is not None, ClueState(clue.state)
        first = [taken_up] if known and state is ClueState.ACCEPTED else []
        return [*first, *among(there, open_acts_of_clue(state, household_known=known))]

    def of_move(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """The side that it comes to answers, the side that it leaves takes back."""
        move = MoveQueries(self.store).move(id_in(ids, "move_id"), actor)
        if move.outcome is not None:
            return []
        receives, proposed = actor.covers(move.to_division), actor.covers(move.from_division)
        return among(
            there, [*(["accept_move", "decline_move"] if receives else []), *(["withdraw_move"] if proposed else [])]
        )

    def of_identity_correction(
        self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]
    ) -> Iterable[OpenAct]:
        """Of a case that is one, whether it is open or not."""
        if self.steps.of(id_in(ids, "case_id"), actor).procedure.standing != IDENTITY:
            raise Refused(NOT_FOUND)
        return there

    def _require_in_area(self, ids: Mapping[str, str], actor: Actor) -> UUID:
        """Raises ``NOT_FOUND``."""
        household = id_in(ids, "household_id")
        sql = f"SELECT division FROM ({HOUSEHOLD_AREAS}) areas WHERE subject = %s"
        with self.store.reading() as conn:
            row = conn.execute(sql.encode(), (household,)).fetchone()
        if row is None or not actor.covers(row[0]):
            raise Refused(NOT_FOUND)
        return household
