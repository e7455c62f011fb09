"""Given facts, when a command, then facts: a specification in three lines.

given = specification(decide, fold)
given(opened, visited).when(HoldAppraisal(...), PROCEDURE, STANDING).then(AppraisalHeld(...))
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.facts import Fact, Recorded
from services.chassis.ground.refusals import Refused, Rule
from tests.support.recorded import recorded

Decide = Callable[..., Sequence[Fact]]
Fold = Callable[[Sequence[Recorded]], Any]


class Given(Protocol):
    def __call__(self, *facts: Fact) -> "History": ...


def specification(decide: Decide, fold: Fold = tuple) -> Given:
    """Bind ``decide(command, folded history, *more)``. Without ``fold`` the whole timeline is handed over."""

    def given(*facts: Fact) -> History:
        return History(decide, fold, facts)

    return given


@dataclass(frozen=True)
class History:
    """What has happened so far."""

    decide: Decide
    fold: Fold
    facts: tuple[Fact, ...]

    @property
    def state(self) -> Any:
        return self.fold(recorded(*self.facts))

    def when(self, command: object, *more: object, **named: object) -> "Outcome":
        """Put the command; what else ``decide`` needs follows it."""
        try:
            return Outcome(self, tuple(self.decide(command, self.state, *more, **named)), None)
        except Refused as refusal:
            return Outcome(self, (), refusal)

    def happened(self, facts: Iterable[Fact]) -> "History":
        return History(self.decide, self.fold, (*self.facts, *facts))


@dataclass(frozen=True)
class Outcome:
    """What came of the command."""

    before: History
    facts: tuple[Fact, ...]
    refusal: Refused | None

    def then(self, *expected: Fact) -> History:
        """Exactly these facts, in this order. Returns the longer history, so that a story can go on."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.facts == expected
        return self.before.happened(self.facts)

    def then_happened(self, *expected: type[Fact]) -> History:
        """Facts of exactly these types, in this order; for tests that look at one figure of them afterwards."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert tuple(type(fact) for fact in self.facts) == expected
        return self.before.happened(self.facts)

    def then_refused(self, why: Rule | str, **figures: object) -> Refused:
        """Refused by this rule (or code), naming at least these figures."""
        assert self.refusal is not None, f"not refused: {self.facts}"
        assert self.refusal.rule.code == (why.code if isinstance(why, Rule) else why)
        assert {name: self.refusal.facts.get(name) for name in figures} == figures
        return self.refusal

    def then_nothing_happened(self) -> History:
        """Accepted, and no fact: the wish was already true."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.facts == ()
        return self.before
