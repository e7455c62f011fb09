"""Tells assistance the register's facts a second time, and keeps nothing of it."""

from collections.abc import Sequence
from typing import NoReturn

from contracts.facts import Fact, Recorded
from services.assistance.document_kinds import FOLLOWED, KINDS
from services.assistance.employment.deaths import reconcile_work
from services.assistance.employment.domain import stream_of
from services.assistance.loans.feed import LoanReaction
from services.assistance.reactions import UnitReaction
from services.assistance.training.deaths import TraineeDeaths
from services.casework.documents.reading import Documents
from services.chassis.following.reactions import Reaction, react
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx


class _TakenBack(Exception):
    """Carries what was appended in a unit of which nothing is kept."""

    def __init__(self, appended: list[Fact]) -> None:
        super().__init__()
        self.appended = appended


def concluded_again(assistance: Store, register: Sequence[Recorded]) -> list[Fact]:
    """What the reactions of loans, training and work would append besides what stands in the log."""
    documents = Documents(assistance, KINDS, FOLLOWED)
    reactions: Sequence[Reaction] = (
        LoanReaction(documents), TraineeDeaths(documents), UnitReaction("work_reaction", stream_of, reconcile_work, documents),
    )  # fmt: skip

    def again(tx: Tx) -> NoReturn:
        react(tx, reactions, register)
        raise _TakenBack([recorded.fact for recorded in tx.appended])

    try:
        assistance.transact(again)
    except _TakenBack as taken_back:
        return taken_back.appended
    raise AssertionError("the unit ended without its facts")
