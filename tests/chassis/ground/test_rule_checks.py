"""A list of rules: the first refusal counts, and the others can be asked afterwards."""

import pytest

from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks

OPEN, EARLY, PAPER, SIGNED, WITHIN = (
    rule(f"test_list_{name}", zh="不行。", en="No.", source="test")
    for name in ("open", "early", "paper", "signed", "within")
)
asked: list[str] = []


def failing(wrong: set[str], name: str) -> bool:
    asked.append(name)
    return name in wrong


@checks(OPEN)
def is_open(wrong: set[str]) -> None:
    if failing(wrong, "open"):
        raise Refused(OPEN)


@checks(EARLY, given=(is_open,))
def not_early(wrong: set[str]) -> None:
    if failing(wrong, "early"):
        raise Refused(EARLY)


@checks(PAPER)
def has_paper(wrong: set[str]) -> None:
    if failing(wrong, "paper"):
        raise Refused(PAPER, missing=1)


@checks(SIGNED, given=(not_early, has_paper))
def is_signed(wrong: set[str]) -> None:
    if failing(wrong, "signed"):
        raise Refused(SIGNED)


RULES: tuple[RuleCheck[set[str]], ...] = (is_open, not_early, has_paper, is_signed)


@pytest.mark.parametrize(
    ("wrong", "refused", "not_asked"),
    [
        ({"open"}, [OPEN], [EARLY, SIGNED]),
        ({"open", "paper"}, [OPEN, PAPER], [EARLY, SIGNED]),
        ({"early", "signed"}, [EARLY], [SIGNED]),
        ({"early", "paper"}, [EARLY, PAPER], [SIGNED]),
        ({"paper"}, [PAPER], [SIGNED]),
        ({"signed"}, [SIGNED], []),
    ],
)
def test_the_others_are_asked_where_what_they_take_for_granted_holds(
    wrong: set[str], refused: list[object], not_asked: list[object]
) -> None:
    asked.clear()
    with pytest.raises(Refused) as first:
        check_all(RULES, wrong)
    assert first.value.rule is refused[0]
    before = len(asked)
    others = first.value.others()
    assert [first.value.rule, *(no.rule for no in others.refused)] == refused
    assert list(others.not_asked) == not_asked
    assert len(set(asked)) == len(asked) >= before


def test_nobody_asks_behind_the_first_refusal_unless_told_to() -> None:
    asked.clear()
    with pytest.raises(Refused):
        check_all(RULES, {"early", "paper"})
    assert asked == ["open", "early"]
    asked.clear()
    check_all(RULES, set())
    assert asked == ["open", "early", "paper", "signed"]


def test_a_list_within_a_list_tells_its_own_others_first() -> None:
    inner: RuleCheck[set[str]] = RuleCheck(lambda wrong: check_all(RULES, wrong), (OPEN, EARLY, PAPER, SIGNED))

    @checks(WITHIN)
    def last(_: set[str]) -> None:
        raise Refused(WITHIN)

    with pytest.raises(Refused) as first:
        check_all((inner, last), {"open", "paper"})
    others = first.value.others()
    assert [no.rule for no in others.refused] == [PAPER, WITHIN]
    assert list(others.not_asked) == [EARLY, SIGNED]


def test_a_refusal_that_stood_in_no_list_has_no_others() -> None:
    others = Refused(OPEN).others()
    assert (others.refused, others.not_asked) == ((), ())
