"""Which acts are open on a pay-list as far as it has come, and as far as who asks has no hand in it yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from contracts.assistance import payments as facts
from contracts.civil import civil_day
from contracts.facts import Fact
from services.assistance.payments.account_readings import awaited
from services.assistance.payments.domain import require_step
from services.assistance.payments.domain_lines import LineState, PayList, PayListStage, fold
from services.assistance.payments.returns import waits_to_be_paid_again
from services.assistance.payments.store import part_of
from services.casework.documents.store import Persons
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, among, id_in


def acts_of_pay_lists(store: Store, persons: Persons) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there. ``persons``: which accounts are one person's."""

    def of_list(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        list_id = id_in(ids, "list_id")
        with store.snapshot():
            recorded, accounts, unpaid = store.on_snapshot(
                lambda tx: (
                    tx.part(part_of(list_id)),
                    persons(tx, actor.subject),
                    waits_to_be_paid_again(tx.cur, list_id),
                )
            )
        pay_list = fold(recorded)
        if pay_list is None or not actor.covers(pay_list.compiled.division):
            raise Refused(NOT_FOUND)
        return among(there, open_acts(pay_list, accounts, civil_day(store.now()), unpaid=unpaid))

    return {"/pay-lists/{list_id}": of_list}


def open_acts(pay_list: PayList, accounts: Iterable[str], today: date, *, unpaid: bool) -> Iterable[str]:
    """``accounts``: of the person who asks; ``unpaid``: whether a return of it waits to be paid again. Of a list that was withdrawn
    none is."""
    hands = frozenset(accounts)
    if pay_list.stage is PayListStage.WITHDRAWN:
        return

    def is_due(kind: type[Fact]) -> bool:
        try:
            require_step(pay_list, kind, hands)
        except Refused:
            return False
        return True

    def has(*states: LineState) -> bool:
        return any(pay_list.count(state) for state in states)

    notice_is_over = pay_list.last_day is None or today > pay_list.last_day
    is_answered = has(LineState.SETTLED, LineState.RETURNED)
    is_open = {
        "post_pay_list": is_due(facts.PayListPosted),
        "strike_payment_lines": has(LineState.LISTED),
        "verify_pay_list": is_due(facts.PayListVerified),
        "release_payments": is_due(facts.PaymentsReleased),
        "hand_over_payments": is_due(facts.PaymentsInstructed) and notice_is_over and bool(pay_list.to_hand_over()),
        "read_payment_accounts": pay_list.compiled.means is facts.PayMeans.PLATFORM and bool(awaited(pay_list)),
        "import_payment_results": bool(pay_list.files),
        "report_payment_outcome": bool(pay_list.files),
        "annul_payment_outcome": is_answered,
        "reissue_payments": pay_list.stage is PayListStage.INSTRUCTED and unpaid,
        "free_payment_lines": bool(pay_list.held),
        "withdraw_pay_list": is_due(facts.PayListWithdrawn),
    }
    yield from (act for act, is_it in is_open.items() if is_it)
