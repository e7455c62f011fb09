"""Whatever the order of dues, annulments, files and call-backs: both identities hold at every instant of knowledge, for each
beneficiary and in total, and nothing that is due has two live payments."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.assistance import payments as facts
from services.assistance.payments.domain_identities import Net
from services.assistance.payments.domain_lines import LineState, PayList
from services.assistance.payments.domain_results import ResultRow
from tests.properties.payment_stories import DAY, FILE, KEYS, UNITS, Office
from tests.support.long_run import LONG

DUES = [(unit, key) for unit in UNITS for key in KEYS]
AMOUNTS = [Decimal("0.00"), Decimal("500.00"), Decimal("625.00"), Decimal("1250.00")]


@st.composite
def result_rows(draw: st.DrawFn, office: Office, pay_list: PayList) -> list[ResultRow]:
    """Of whatever was handed over, perhaps twice, perhaps of another list or with another amount, and cut anywhere."""
    amounts = office.amounts(pay_list)
    if draw(st.booleans()):
        failed = draw(st.sets(st.sampled_from(sorted(amounts))))
        cause, day = facts.ReturnCause.NAME_DIFFERS, DAY + timedelta(days=draw(st.integers(1, 9)))
        whole = enumerate(amounts.items(), start=2)
        return [
            ResultRow(
                n, str(pay_list.list_id), FILE, line, amount, line not in failed, day, cause if line in failed else None
            )
            for n, (line, amount) in whole
        ]
    lines = draw(st.lists(st.integers(1, len(amounts) + 1), max_size=6))
    rows = []
    for number, line in enumerate(lines, start=2):
        wrong = draw(st.sampled_from(["", "", "", "list", "file", "amount", "early"]))
        credited = draw(st.booleans())
        rows.append(
            ResultRow(
                number, "another" if wrong == "list" else str(pay_list.list_id), "0" * 64 if wrong == "file" else FILE, line,
                amounts.get(line, Decimal("1.00")) + (wrong == "amount"), credited,
                DAY - timedelta(days=1) if wrong == "early" else DAY + timedelta(days=draw(st.integers(1, 9))),
                None if credited else facts.ReturnCause.ACCOUNT_CLOSED,
            )
        )  # fmt: skip
    return rows


def act(draw: st.DrawFn, office: Office) -> None:
    what = draw(
        st.sampled_from(["due", "compile", "advance", "advance", "results", "results", "decide", "annul", "strike"])
    )
    lists = office.lists(office.log)
    if what == "due":
        office.set_due(draw(st.sampled_from(DUES)), draw(st.sampled_from(AMOUNTS)))
    elif what == "compile" or not lists:
        office.compile()
    elif what == "decide":
        how = draw(st.sampled_from(["waive", "recover", "refund", "write_off"]))
        office.decide(draw(st.sampled_from(DUES)), how, draw(st.sampled_from(AMOUNTS[1:3])))
    else:
        pay_list = draw(st.sampled_from(lists))
        if what == "advance" and (pay_list.to_hand_over() or not pay_list.files):
            office.advance(pay_list)
        elif what == "results":
            office.results(pay_list, draw(result_rows(office, pay_list)))
        elif what == "strike":
            office.strike(pay_list, draw(st.integers(1, len(pay_list.states) + 1)))
        elif what == "annul":
            own = [r for r in office.log if getattr(r.fact, "list_id", None) == pay_list.list_id]
            office.annul(pay_list, draw(st.sampled_from(own)))


@st.composite
def offices(draw: st.DrawFn) -> Office:
    office = Office()
    for due in DUES[: draw(st.integers(1, len(DUES)))]:
        office.set_due(due, draw(st.sampled_from(AMOUNTS[1:])))
    office.compile()
    for _ in range(4):
        office.advance(office.lists(office.log)[0])
    for _ in range(draw(st.integers(0, 12))):
        act(draw, office)
        assert max(office.live().values(), default=0) <= 1
    return office


@settings(max_examples=400 if LONG else 25)
@given(offices())
def test_both_identities_hold_at_every_instant(office: Office) -> None:
    for position in range(len(office.log) + 1):
        found = office.identities(position)
        assert found.hold, (position, found)
    for account in office.accounts(office.log, len(office.log)).values():
        net = account.net()
        assert not net.difference
        assert not net.difference_of_overpaid
        assert min(net.unpaid, net.owed, net.overpaid, net.waived, net.written_off) >= 0
    event(f"settled {any(each.settled for each in office.lists(office.log))}")
    event(
        f"overpaid {sum((a.net() for a in office.accounts(office.log, len(office.log)).values()), Net()).overpaid > 0}"
    )


@settings(max_examples=400 if LONG else 25)
@given(offices(), st.data())
def test_a_dropped_fact_that_others_rest_on_breaks_an_identity(office: Office, data: st.DataObject) -> None:
    """A settlement that was taken back, and what was handed over with an outcome: without the former the sums differ."""
    [*lists] = office.lists(office.log)
    done = {each.list_id for each in lists if each.count(LineState.SETTLED) or each.count(LineState.RETURNED)}
    instructed = [
        r
        for r in office.log
        if isinstance(r.fact, facts.PaymentsInstructed) and r.fact.list_id in done and r.fact.total
    ]
    if instructed:
        dropped = data.draw(st.sampled_from(instructed))
        assert not office.identities(len(office.log), dropped.position).hold
