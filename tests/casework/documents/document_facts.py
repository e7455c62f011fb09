"""Facts about documents, for tests of the register."""

from datetime import date
from itertools import count
from typing import Any

from contracts.casework.documents import (
    DocumentAdopted,
    DocumentProposed,
    DocumentWithdrawalProposed,
    DocumentWithdrawn,
)
from contracts.facts import Fact, Recorded
from services.casework.documents.domain import Register, confirm, withdraw
from services.casework.documents.kinds import proposal_of
from services.chassis.law.documents import document_from
from tests.support.recorded import recorded

TODAY = date(2016, 6, 1)


def content(edition: str, place: str = "CN", since: str = "2014-01-01", until: str | None = None, **more: Any) -> Any:
    """A calendar of no particular form."""
    term = {"from": date.fromisoformat(since), "to": until and date.fromisoformat(until)}
    return {"calendar": "cn", "edition": edition, "jurisdiction": place, "source": "a paper", **term, **more}


def proposal(edition: str, place: str = "CN", since: str = "2014-01-01", until: str | None = None) -> DocumentProposed:
    return proposal_of(document_from(content(edition, place, since, until), ["calendar"]), "operator-1")


class Story:
    """What happens to documents, one fact after the other; each recorded a second after the one before."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._days = count(1)

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        return recorded(*self.facts, stream="documents")

    @property
    def register(self) -> Register:
        return Register(self.recorded)

    def propose(self, edition: str, place: str = "CN", since: str = "2014-01-01", until: str | None = None) -> str:
        self.facts.append(proposal(edition, place, since, until))
        return self.recorded[-1].id

    def confirm(self, document: str, by: str = "operator-2") -> Fact:
        self.facts.append(confirm(self.register.as_known().states[document], by, TODAY, {by}))
        return self.facts[-1]

    def withdraw(self, document: str, by: str = "operator-1") -> Fact:
        self.facts.append(withdraw(self.register.as_known().states[document], by, "wrong", TODAY))
        return self.facts[-1]

    def adopt(self, edition: str, place: str = "CN", since: str = "2014-01-01", until: str | None = None) -> str:
        document = self.propose(edition, place, since, until)
        assert isinstance(self.confirm(document), DocumentAdopted)
        return document

    def withdraw_by_two(self, document: str) -> None:
        assert isinstance(self.withdraw(document), DocumentWithdrawalProposed)
        assert isinstance(self.confirm(document), DocumentWithdrawn)

    def in_force(self, day: str, place: str | None = None, known_before: int | None = None) -> str:
        """Name of the edition; ``known_before``: how many facts were known."""
        register = self.register
        known = register.as_known() if known_before is None else register.as_known_before(known_before + 1)
        return known.in_force("calendar", "cn", date.fromisoformat(day), place).fact.edition
