"""Cases that take clues up."""

from datetime import date
from uuid import UUID

from contracts.casework.cases import CaseOutcome
from contracts.registry.clues import ClueTakenUp
from contracts.selection import timeline
from services.casework.procedures.state import CaseState
from services.casework.procedures.state import fold as fold_case
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.registry.clues import domain
from services.registry.clues.domain import Clue, fold, stream_of
from services.registry.clues.rules import ANOTHER_HOUSEHOLD

LEFT = (CaseOutcome.WITHDRAWN, CaseOutcome.CLOSED)


class CluesOfCases:
    """Implements ``Clues``."""

    def streams(self, clue_id: UUID) -> tuple[str, ...]:
        return (stream_of(clue_id),)

    def clue_day(self, tx: Tx, clue_id: UUID) -> date:
        return _loaded(tx, clue_id).received.effective_on

    def take_up(self, tx: Tx, clue_id: UUID, case: CaseState, by: str, caused_by: str) -> None:
        """Whoever may open a case about the household may name its clue."""
        clue = _loaded(tx, clue_id)
        if case.household_id is None:
            raise Refused(ANOTHER_HOUSEHOLD)
        fact = ClueTakenUp(
            clue_id=clue_id, household_id=case.household_id, case_id=case.case_id, effective_on=case.opened_on,
            entered_by=by, caused_by=caused_by,
        )  # fmt: skip
        left = clue.case_id is not None and _is_left(tx, clue.case_id)
        tx.append(stream_of(clue_id), *domain.take_up(clue, fact, tx.today, former_case_left=left))


def _is_left(tx: Tx, case_id: UUID) -> bool:
    state = fold_case(timeline(tx.load(case_stream(case_id))))
    return state is not None and state.outcome in LEFT


def _loaded(tx: Tx, clue_id: UUID) -> Clue:
    if (clue := fold(tx.load(stream_of(clue_id)))) is None:
        raise Refused(NOT_FOUND)
    return clue
