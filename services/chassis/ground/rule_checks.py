"""Lists of rules: checked in order until one refuses, or, for a dry run, all whose premises hold.

A command and its dry run ask the same list in the same way; the refusal carries the rest of the list with it, and only a
dry run asks that. So the first refusal of both is the same one, and a command pays nothing for the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from services.chassis.ground.refusals import Others, Refused, Rule

C = TypeVar("C")


@dataclass(frozen=True, eq=False)
class RuleCheck(Generic[C]):
    """A function that raises ``Refused`` with one of ``rules``. ``given``: the checks of the same list that must have
    passed for its question to make sense."""

    ask: Callable[[C], object]
    rules: tuple[Rule, ...]
    given: tuple["RuleCheck[Any]", ...] = ()

    def __call__(self, context: C) -> None:
        self.ask(context)


def checks(*rules: Rule, given: tuple[RuleCheck[Any], ...] = ()) -> Callable[[Callable[[C], object]], RuleCheck[C]]:
    """Decorator of a check: the rules that it may refuse by, and the checks that it takes for granted."""

    def declare(ask: Callable[[C], object]) -> RuleCheck[C]:
        return RuleCheck(ask, rules, given)

    return declare


def check_all(rules: Sequence[RuleCheck[Any]], context: Any) -> None:
    """Raises the ``Refused`` of the first check that refuses; its ``others`` asks the checks behind it."""
    for place, check in enumerate(rules):
        try:
            check(context)
        except Refused as first:
            first.others = partial(_ask_others, check, first.others, rules[place + 1 :], context)
            raise


def _ask_others(
    refusing: RuleCheck[Any], within: Callable[[], Others], behind: Sequence[RuleCheck[Any]], context: Any
) -> Others:
    """``within``: others of a list that the refusing check asked itself."""
    return _Questioning([refusing]).also(within()).asked(behind, context)


@dataclass
class _Questioning:
    """``unmet``: checks that refused or were not asked."""

    unmet: list[RuleCheck[Any]]
    refused: list[Refused] = field(default_factory=list)
    not_asked: list[Rule] = field(default_factory=list)

    def also(self, others: Others) -> "_Questioning":
        self.refused += others.refused
        self.not_asked += others.not_asked
        return self

    def asked(self, rules: Sequence[RuleCheck[Any]], context: Any) -> Others:
        for check in rules:
            if any(premise in self.unmet for premise in check.given):
                self.unmet.append(check)
                self.not_asked += check.rules
                continue
            try:
                check(context)
            except Refused as no:
                self.unmet.append(check)
                self.refused.append(no)
                self.also(no.others())
        return Others(tuple(self.refused), tuple(dict.fromkeys(self.not_asked)))
