"""What rows of a result, from a file or a call-back, come to: each row settles its line, returns it, says what is known already,
or is refused by a named rule. Pure, and the same whatever was read before: a file that is read again records nothing twice."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from contracts.assistance import payments as facts
from contracts.facts import Recorded
from services.assistance.payments import result_rules, rules
from services.assistance.payments.domain_lines import (
    NOTHING,
    Amounts,
    LineState,
    PayList,
    in_order,
    settled_fact,
)
from services.chassis.ground.refusals import Refused, Rule


class ResultRow(NamedTuple):
    """``row`` as the file numbers it; ``cause``: of a line that failed; none where it was credited."""

    row: int
    list_no: str
    control: str
    line: int
    amount: Decimal
    credited: bool
    on: date
    cause: facts.ReturnCause | None


@dataclass(slots=True)
class Outcomes:
    """``named``: lines that rows were true of; ``settled`` and ``returned``: by day; ``refused``: row, rule and column."""

    rows: int = 0
    known: int = 0
    named: set[int] = field(default_factory=set)
    settled: dict[date, list[int]] = field(default_factory=dict)
    returned: dict[date, list[facts.ReturnedLine]] = field(default_factory=dict)
    refused: list[tuple[int, Rule, str]] = field(default_factory=list)

    @property
    def is_nothing_new(self) -> bool:
        return not self.settled and not self.returned


def outcomes_of(
    pay_list: PayList, amounts: Amounts, rows: Iterable[ResultRow], today: date, seen: Iterable[int] = ()
) -> Outcomes:
    """``seen``: lines that earlier rows of the same file named."""
    found, list_no = Outcomes(named=set(seen)), str(pay_list.list_id)
    named = found.named
    controls = {file.control for file in pay_list.files}
    for row in rows:
        found.rows += 1
        broken = (
            (result_rules.RESULT_OF_ANOTHER_LIST, "list_no")
            if row.list_no != list_no
            else _misread(row, pay_list, amounts, named, controls, today) or _taken(row, pay_list, found)
        )
        if broken is not None:
            found.refused.append((row.row, *broken))
        else:
            named.add(row.line)
    return found


Broken = tuple[Rule, str]


def _misread(
    row: ResultRow, pay_list: PayList, amounts: Amounts, named: set[int], controls: Collection[str], today: date
) -> Broken | None:
    """What is wrong with a row, whatever is known of its line."""
    line = row.line
    if row.control not in controls:
        return result_rules.RESULT_OF_ANOTHER_FILE, "control"
    if not 1 <= line <= len(pay_list.states) or pay_list.states[line - 1] < LineState.PENDING:
        return result_rules.RESULT_LINE_UNKNOWN, "line"
    file = pay_list.file_of(line)
    if row.control != file.control:
        return result_rules.RESULT_OF_ANOTHER_FILE, "control"
    if line in named:
        return result_rules.RESULT_LINE_TWICE, "line"
    if (listed := amounts[line]) != row.amount:
        return (result_rules.RESULT_TOO_MUCH if row.amount > listed else result_rules.RESULT_TOO_LITTLE), "amount"
    if row.on < file.effective_on:
        return result_rules.RESULT_EARLY, "on"
    return (result_rules.RESULT_LATE, "on") if row.on > today else None


def _taken(row: ResultRow, pay_list: PayList, found: Outcomes) -> Broken | None:
    """What the row says is kept; else why it contradicts what is known."""
    state = pay_list.states[row.line - 1]
    if not row.credited and row.cause is None:
        return result_rules.RESULT_WITHOUT_CAUSE, "cause"
    if row.credited and state == LineState.RETURNED:
        return result_rules.RESULT_CONTRADICTS, "result"
    if state == (LineState.SETTLED if row.credited else LineState.RETURNED):
        found.known += 1
    elif row.cause is None:
        found.settled.setdefault(row.on, []).append(row.line)
    else:
        found.returned.setdefault(row.on, []).append(facts.ReturnedLine(line=row.line, cause=row.cause))
    return None


def facts_of(
    outcomes: Outcomes, pay_list: PayList, amounts: Amounts, common: dict[str, Any], source: str
) -> Iterator[facts.PaymentsSettled | facts.PaymentsReturned]:
    """In runs of the list: what is returned as it is named, what is settled but for those that are not."""
    for day, lines in sorted(outcomes.settled.items()):
        of_day = {**common, "effective_on": day}
        for _, of_run in groupby(sorted(lines), key=_run):
            yield settled_fact(of_day, list(of_run), amounts, source)
    for day, returned in sorted(outcomes.returned.items()):
        ordered = sorted(returned, key=lambda each: each.line)
        for start in range(0, len(ordered), facts.RUN):
            yield returned_fact(
                pay_list, {**common, "effective_on": day}, ordered[start : start + facts.RUN], amounts, source
            )


def _run(line: int) -> int:
    return (line - 1) // facts.RUN


def returned_fact(
    pay_list: PayList, common: dict[str, Any], lines: Sequence[facts.ReturnedLine], amounts: Amounts, source: str
) -> facts.PaymentsReturned:
    settled = (amounts[each.line] for each in lines if pay_list.state(each.line) is LineState.SETTLED)
    return facts.PaymentsReturned(
        **common, lines=tuple(lines), total=sum((amounts[each.line] for each in lines), NOTHING),
        of_settled=sum(settled, NOTHING), source=source,
    )  # fmt: skip


Outcome = facts.PaymentsSettled | facts.PaymentsReturned


def annul(
    recorded: Iterable[Recorded], outcome: str, common: dict[str, Any], reason: str, paid_again: Collection[int]
) -> facts.PaymentOutcomesAnnulled:
    """Of an outcome that was of other lines. What later facts say of the same lines rests on it. ``paid_again``: lines whose due
    has another live line by now."""
    standing = [r for r in in_order(recorded) if isinstance(r.fact, Outcome)]
    wrong = next((r for r in standing if r.id == outcome), None)
    if wrong is None:
        raise Refused(rules.OUTCOME_UNKNOWN)
    lines = _lines_of(wrong.fact)
    later = any(r.position > wrong.position and lines & _lines_of(r.fact) for r in standing)
    if later or not lines.isdisjoint(paid_again):
        raise Refused(rules.OUTCOME_RESTED_ON)
    return facts.PaymentOutcomesAnnulled(**common, reason=reason, annuls=(outcome,))


def _lines_of(fact: object) -> set[int]:
    match fact:
        case facts.PaymentsSettled():
            return set(range(fact.first, fact.last + 1)) - set(fact.but)
        case facts.PaymentsReturned():
            return {each.line for each in fact.lines}
    return set()
