"""A case may begin with a clue (线索): what somebody reported about its subject, which the case takes up."""

from datetime import date
from typing import Protocol
from uuid import UUID

from services.casework.procedures.state import CaseState
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.unit import Tx

CLUES_NOT_TAKEN = rule(
    "clues_not_taken",
    zh="此处不受理线索，请去掉“clue_id”后重新提交。",
    en="No clues are taken in here; leave ``clue_id`` out.",
    source="Lika: clues stand in the registry",
    status=422,
)


class Clues(Protocol):
    """The clues of a service. Methods raise ``Refused``."""

    def streams(self, clue_id: UUID) -> tuple[str, ...]:
        """Streams that are read about the clue; fetched before the unit of work begins."""

    def clue_day(self, tx: Tx, clue_id: UUID) -> date:
        """The day of the clue, from which the days of a case count that takes it up. Raises ``NOT_FOUND``."""

    def take_up(self, tx: Tx, clue_id: UUID, case: CaseState, by: str, caused_by: str) -> None:
        """The case takes the clue up, which keeps it. ``caused_by``: id of the opening."""


class NoClues:
    """Of a service that takes none in. Implements ``Clues``."""

    def streams(self, clue_id: UUID) -> tuple[str, ...]:
        return ()

    def clue_day(self, tx: Tx, clue_id: UUID) -> date:
        raise Refused(CLUES_NOT_TAKEN)

    def take_up(self, tx: Tx, clue_id: UUID, case: CaseState, by: str, caused_by: str) -> None:
        raise Refused(CLUES_NOT_TAKEN)


NO_CLUES = NoClues()
