"""What the commands about pairs bring about: decided from the kind's document, the subject's and the helper's other pairs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid5

from msgspec import structs

from contracts.assistance.pairs import (
    CommitmentSigned,
    ExitContractSigned,
    HelpListed,
    HelpUnlisted,
    PairAnnulled,
    PairEnded,
    PairEndReason,
    PairFormed,
)
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.assistance.pairs import rules
from services.assistance.pairs.document import PairKind
from services.assistance.pairs.state import Helped, Listing, Pair
from services.casework.dates import months_later, require_not_future
from services.casework.records.document import Code
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.log.periods import OPEN_END, Period

F = TypeVar("F", bound=PairFormed)
OFFICE = Office((Role.CADRE, Role.REVIEWER))
TAKEN = UUID("0c0b7f5e-6f37-5a14-93c1-0b6f2a1d7e55")
"""Namespace of what a helper of a kind of pair, and one pair, are called where periods are kept."""
HELPERS = UUID("5f2a9c1e-31d7-5c0b-8f5e-0c1d9a7be204")
"""Namespace of the ids of helpers."""
PAIRABLE_STATUSES = frozenset({PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED})
"""Statuses in which a household may have a helper by the register; whether it keeps one after an exit is a dated rule."""


@dataclass(frozen=True, slots=True)
class Context:
    """``helper_periods``: in which the helper has other subjects of this kind; ``recorded``: kinds of the records about the
    subject that stand, of the day or before; ``helper_known``: whether somebody of the kind asked for is ``helper_subject``;
    ``status``: of the household on the day, where the pair follows the register."""

    kind: PairKind
    helped: Helped
    today: date
    helper_periods: Collection[Period] = ()
    recorded: Collection[str] = ()
    helper_known: bool = False
    status: PovertyStatus | None = None


def helper_id(account: str) -> UUID:
    """Of the helper who acts under this account, where they are a subject themselves."""
    return uuid5(HELPERS, account)


def taken_by(kind: str, helper: str) -> UUID:
    return uuid5(TAKEN, f"{kind}\n{helper}")


def pair_id(subject: UUID, number: int) -> UUID:
    return uuid5(TAKEN, f"{subject}\n{number}")


def taken_for(formed: PairFormed, until: date | None) -> list[Period]:
    period = Period(formed.effective_on, until or OPEN_END)
    return [period] if period.first < period.end else []


def list_for_help(fact: HelpListed, context: Context) -> HelpListed:
    """Raises ``Refused``."""
    require_not_future(fact.effective_on, context.today)
    _require_subject(fact, context.kind)
    _require_code(rules.PRIORITY_NOT_LISTED, fact.priority, context.kind.priorities, missing=True)
    entries = _listings(context.helped, fact.kind)
    # One that was over on its first day was entered by mistake.
    if any(one.until is None or max(fact.effective_on, one.told.day) < one.until for one in entries):
        raise Refused(rules.LISTED_ALREADY)
    return fact


def unlist(fact: HelpUnlisted, listing: Listing, today: date) -> HelpUnlisted:
    """Raises ``Refused``."""
    require_not_future(fact.effective_on, today)
    if not listing.holds_on(fact.effective_on) or listing.until is not None:
        raise Refused(rules.NOT_ON_LIST)
    return fact


def taken_over(former: PairFormed, successor: PairFormed, *, by_organisation: bool) -> PairFormed:
    """What whoever takes over does not say is as it was. ``by_organisation``: the former helper was on record as one: whom it sends next
    helps as the same, and anybody else as who they are themselves."""
    same = former.helper_subject if by_organisation and successor.unit == former.unit else None
    return structs.replace(
        former, effective_on=successor.effective_on, entered_by=successor.entered_by, evidence=(), helper=successor.helper,
        unit=successor.unit, helper_subject=successor.helper_subject or same, ends_on=successor.ends_on or former.ends_on,
        took_over_from=former.helper, moved_from=None, caused_by=None, decided_from=None,
    )  # fmt: skip


def carried_over(fact: F, kind: PairKind) -> F:
    """Without what the former pair said of itself and this edition of its kind does not know."""
    on_record = fact.helper_subject if kind.helper_is is not None else None
    return structs.replace(
        fact, helper_subject=on_record, mode=fact.mode if fact.mode in {code.code for code in kind.modes} else None
    )  # fmt: skip


def form(fact: F, context: Context, *, succeeds: bool = False, additional: bool = False) -> F:
    """``succeeds``: it takes the place of one that ended on that day; ``additional``: beside whoever helps already. Whoever takes
    somebody over helps them as the former did: what comes before a pair came before that one. Raises ``Refused``."""
    kind, day = context.kind, fact.effective_on
    require_not_future(day, context.today)
    _require_subject(fact, kind)
    _require_code(rules.MODE_NOT_LISTED, fact.mode, kind.modes, missing=succeeds or not kind.modes)
    if (kind.helper_is is not None) is not (fact.helper_subject is not None) or (
        fact.helper_subject is not None and not context.helper_known
    ):
        raise Refused(rules.WHO_THE_HELPER_IS, helper_is=kind.helper_is)
    if fact.helper_subject == fact.subject:
        raise Refused(rules.HELPS_ONESELF)
    anew = fact.took_over_from is None
    if anew and kind.listed_first and not any(one.holds_on(day) for one in _listings(context.helped, fact.kind)):
        raise Refused(rules.SUBJECT_NOT_LISTED).advising(NextStep("list_for_help", OFFICE, form={"kind": fact.kind}))
    _require_term(fact, kind)
    if kind.follows_register and context.status not in PAIRABLE_STATUSES:
        raise Refused(rules.NOT_REGISTERED, status=context.status)
    if kind.additional_said and not (succeeds or additional):
        _require_no_helper(fact, context)
    if anew and (missing := [record for record in kind.after if record not in context.recorded]):
        raise Refused(rules.SOMETHING_COMES_FIRST, missing=missing).advising(_recording(missing))
    _require_room(fact, context)
    return fact


def sign(fact: CommitmentSigned, pair: Pair, today: date) -> CommitmentSigned:
    """Raises ``Refused``."""
    _require_then(pair, fact.effective_on, today)
    if not pair.formed.committed_first:
        raise Refused(rules.NOT_SIGNED_FOR)
    if fact.side in pair.signed:
        raise Refused(rules.SIGNED_ALREADY, since=pair.signed[fact.side].day.isoformat())
    return fact


def contract(fact: ExitContractSigned, pair: Pair, kind: PairKind, today: date) -> ExitContractSigned:
    """Raises ``Refused``."""
    _require_then(pair, fact.effective_on, today)
    if not kind.contract:
        raise Refused(rules.NO_CONTRACT)
    if fact.exit_by <= fact.effective_on:
        raise Refused(rules.CONTRACT_IN_TIME)
    return fact


def end(fact: PairEnded, pair: Pair, context: Context) -> PairEnded:
    """Raises ``Refused``."""
    _require_then(pair, fact.effective_on, context.today)
    if (
        pair.end is not None and not pair.by_itself
    ):  # that the helper went before the register ended it may be told late
        raise Refused(rules.NOT_THEN)
    missing = [record for record in context.kind.closed_by if record not in context.recorded]
    if missing and fact.reason is PairEndReason.COMPLETED:
        raise Refused(rules.SUMMARY_MISSING, missing=missing).advising(_recording(missing))
    return fact


def annul(fact: PairAnnulled, pair: Pair) -> PairAnnulled:
    """Raises ``Refused``."""
    if pair.void:
        raise Refused(rules.NOT_THEN)
    return fact


def _require_subject(fact: PairFormed | HelpListed, kind: PairKind) -> None:
    if fact.about not in kind.helped:
        raise Refused(rules.OTHER_SUBJECT, helped=sorted(kind.helped))


def _require_code(why: Rule, given: str | None, codes: Sequence[Code], *, missing: bool) -> None:
    known = [code.code for code in codes]
    if given not in known and not (given is None and missing):
        raise Refused(why, codes=known)


def _require_term(fact: PairFormed, kind: PairKind) -> None:
    if fact.ends_on is not None and fact.ends_on <= fact.effective_on:
        raise Refused(rules.TERM_NOT_SAID, years=kind.term_years)
    if kind.term_years is not None:
        last = months_later(fact.effective_on, 12 * kind.term_years)
        if fact.ends_on is None or fact.ends_on > last:
            raise Refused(rules.TERM_NOT_SAID, years=kind.term_years)


def _require_no_helper(fact: PairFormed, context: Context) -> None:
    for pair in context.helped.pairs.values():
        if pair.formed.kind == fact.kind and pair.holds_on(fact.effective_on):
            number = {"subject": str(fact.subject), "number": pair.number}
            named = {"kind": fact.kind, "helper": fact.helper, "unit": fact.unit, "additional": True}
            raise Refused(rules.HAS_HELPER, since=pair.told.day.isoformat()).advising(
                NextStep("succeed_helper", OFFICE, number), NextStep("form_pair", OFFICE, form=named)
            )


def _require_room(fact: PairFormed, context: Context) -> None:
    kind, asked = context.kind, Period(fact.effective_on, fact.ends_on or OPEN_END)
    others = [p for p in context.helped.pairs.values() if not p.void and p.formed.kind == fact.kind]
    periods = [
        (p.formed.helper, period) for p in others for period in taken_for(p.formed, p.until) if period.overlaps(asked)
    ]
    if any(helper == fact.helper for helper, _ in periods):
        raise Refused(rules.PAIRED_ALREADY)
    if kind.helped_by_at_most is not None and most_at_once([p for _, p in periods], asked) >= kind.helped_by_at_most:
        there = next(p for p in others if any(period.overlaps(asked) for period in taken_for(p.formed, p.until)))
        number = {"subject": str(fact.subject), "number": there.number}
        raise Refused(rules.HELPED_ENOUGH, most=kind.helped_by_at_most).advising(
            NextStep("succeed_helper", OFFICE, number), NextStep("end_pair", OFFICE, number)
        )
    if kind.helps_at_most is not None and most_at_once(context.helper_periods, asked) >= kind.helps_at_most:
        raise Refused(rules.HELPER_FULL, most=kind.helps_at_most)


def _recording(missing: Sequence[str]) -> NextStep:
    return NextStep("make_record", OFFICE, form={"kind": missing[0]})


def most_at_once(periods: Iterable[Period], within: Period) -> int:
    """How many of them there are at most on one day within that time."""
    found = [p for p in periods if p.overlaps(within)]
    days = {max(p.first, within.first) for p in found}
    return max((sum(p.first <= day < p.end for p in found) for day in days), default=0)


def _require_then(pair: Pair, day: date, today: date) -> None:
    require_not_future(day, today)
    if not pair.holds_on(day):
        raise Refused(rules.NOT_THEN)


def _listings(helped: Helped, kind: str) -> list[Listing]:
    return [one for one in helped.listings.values() if one.listed.kind == kind]
