"""What follows for a loan from the register: an exit lets it run, a removal and a death open a review, a move takes its office along,
a split keeps the debtor; in whatever order it is told, and undone with what it followed from."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import msgspec

from contracts.assistance.loans import (
    LoanConsequencesAnnulled,
    LoanOfficeChanged,
    LoanReviewOpened,
    LoanReviewReason,
    LoanRunsToTerm,
)
from contracts.facts import Fact, Recorded
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.households import HouseholdMoved
from contracts.registry.members import MemberJoined
from contracts.registry.reasons import CancelReason, JoinReason
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.loans.account import Account
from services.assistance.loans.derived_facts import DERIVED_FACTS, Debt, derive_facts
from tests.assistance.harness import (
    NEXT_VILLAGE,
    VILLAGE,
    AssistanceHarness,
    Family,
    build_member,
    fact,
)
from tests.assistance.loans.example_loans import contracted, disbursed, repaid, told
from tests.assistance.loans.example_requests import START, contract, family, money, read
from tests.assistance.loans.test_entries import PRODUCT
from tests.support.recorded import recorded
from tests.support.running import ApiClient

ELSEWHERE = "990001101203"
LENT, FINAL = date(2018, 1, 10), date(2019, 1, 10)
FOR_POOR = msgspec.structs.replace(PRODUCT, statuses=("registered", "exited"))


def follows(one: Family, *told_of: Any, loan: Sequence[Fact] = (), product: Any = FOR_POOR) -> list[tuple[Any, ...]]:
    """Of the pupil's loan, with the register's facts told in this order behind the loan's."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    signed = contracted(household_id=one.household, person_id=one.pupil.person_id, division=one.division)
    account = Account(told(signed, disbursed(LENT), *loan))
    flat = [f for each in told_of for f in (each if isinstance(each, tuple) else (each,))]
    about = recorded(one.recorded("2014-01-05"), one.enrolled("2014-06-01"), *flat, at=at + timedelta(days=1))
    assert account.contracted is not None
    found = list(derive_facts(Debt(account, account.contracted, product, about)))
    causes = {r.id: r.fact for r in about}
    assert all(each.caused_by in causes for each in found)
    return [
        (type(each), str(each.effective_on), getattr(each, "to_division", getattr(each, "reason", None)))
        for each in found
    ]


def test_a_loan_that_is_open_runs_to_its_term_after_an_exit() -> None:
    one = Family.new()
    runs = [(LoanRunsToTerm, "2018-06-01", None)]
    assert follows(one, one.exited("2018-06-01")) == runs
    assert follows(one, one.exited("2018-01-10")) == []  # lent to a household that had left
    assert follows(one, one.exited("2018-01-11")) == [(LoanRunsToTerm, "2018-01-11", None)]
    settled = [repaid(date(2018, 6, 1), "51292.43", prepayment=True)]
    assert follows(one, one.exited("2018-06-02"), loan=settled) == []
    assert follows(one, one.exited("2018-05-31"), loan=settled) == [(LoanRunsToTerm, "2018-05-31", None)]
    any_household = msgspec.structs.replace(FOR_POOR, statuses=())
    assert follows(one, one.exited("2018-06-01"), product=any_household) == []
    assert follows(one, one.exited("2018-06-01"), product=None) == runs


def test_a_removal_opens_a_review_where_the_product_asks_for_a_status_and_from_the_contract_on() -> None:
    one, removed = Family.new(), LoanReviewReason.HOUSEHOLD_REMOVED
    assert follows(one, one.removed("2018-06-01")) == [(LoanReviewOpened, "2018-06-01", removed)]
    assert follows(one, one.removed("2014-06-01")) == [(LoanReviewOpened, "2018-01-10", removed)]
    assert follows(one, one.removed("2018-06-01"), product=msgspec.structs.replace(FOR_POOR, statuses=())) == []


def test_a_death_opens_a_review_and_the_household_of_the_deceased_keeps_the_account() -> None:
    one = Family.new()
    review = (LoanReviewOpened, "2018-06-01", LoanReviewReason.BORROWER_DIED)
    assert follows(one, one.pupil_died("2018-06-01"), one.moved("2018-07-01")) == [
        review, (LoanOfficeChanged, "2018-07-01", NEXT_VILLAGE),
    ]  # fmt: skip
    assert follows(one, one.pupil_died("2018-06-01"), one.exited("2018-07-01")) == [
        review, (LoanRunsToTerm, "2018-07-01", None),
    ]  # fmt: skip
    assert follows(one, one.exited("2018-03-01"), one.pupil_died("2018-06-01"), one.moved("2018-07-01")) == [
        (LoanRunsToTerm, "2018-03-01", None), review, (LoanOfficeChanged, "2018-07-01", NEXT_VILLAGE),
    ]  # fmt: skip


def test_a_split_and_a_merge_keep_the_debtor_and_the_office_is_where_they_live() -> None:
    one, new = Family.new(), uuid4()
    split = one.split("2018-06-01", new)
    assert follows(one, split) == []
    moved = fact(HouseholdMoved, new, "2018-07-01", from_division=VILLAGE, to_division=NEXT_VILLAGE)
    assert follows(one, split, moved, one.moved("2018-08-01", ELSEWHERE)) == [
        (LoanOfficeChanged, "2018-07-01", NEXT_VILLAGE)
    ]
    other = Family(uuid4(), build_member(head=True), build_member(), ELSEWHERE)
    ended = fact(HouseholdCancelled, one.household, "2018-06-01", reason=CancelReason.MERGED, merged_into=other.household)  # fmt: skip
    joined = fact(
        MemberJoined, other.household, "2018-06-01", member=one.pupil, reason=JoinReason.MERGED, merged_from=one.household
    )  # fmt: skip
    assert follows(one, other.recorded("2014-01-05"), ended, joined) == [(LoanOfficeChanged, "2018-06-01", ELSEWHERE)]


def test_a_move_told_late_changes_the_office_from_the_contract_on() -> None:
    one = Family.new()
    assert follows(one, one.moved("2017-12-01")) == [(LoanOfficeChanged, "2018-01-10", NEXT_VILLAGE)]


def test_told_in_any_order_the_same_follows() -> None:
    one, new = Family.new(), UUID(int=7)
    story = (
        one.exited("2018-03-01"),
        one.moved("2018-04-01"),
        one.split("2018-05-01", new),
        fact(HouseholdMoved, new, "2018-06-01", from_division=NEXT_VILLAGE, to_division=ELSEWHERE),
        one.removed("2018-07-01"),
    )
    expected = [
        (LoanRunsToTerm, "2018-03-01", None),
        (LoanOfficeChanged, "2018-04-01", NEXT_VILLAGE),
        (LoanOfficeChanged, "2018-06-01", ELSEWHERE),
    ]
    assert all(follows(one, *order) == expected for order in permutations(story))


# Through the running service


def lent(harness: AssistanceHarness, one: Family, on: str = START) -> str:
    loan = harness.post(harness.reviewer, "/loans", contract(one, effective_on=on))
    harness.post(harness.reviewer, f"{loan}/disbursements", money(on, "24000.00", "D-1"))
    return loan


def stream(harness: AssistanceHarness, one: Family) -> Sequence[Recorded]:
    return harness.assistance.stream(f"loans-{one.household}")


def standing(harness: AssistanceHarness, one: Family) -> list[tuple[type[Fact], date]]:
    derived = (r.fact for r in surviving(stream(harness, one)) if isinstance(r.fact, DERIVED_FACTS))
    return [(type(each), each.effective_on) for each in derived]


def test_an_exit_annulled_and_told_again_is_followed_once_each_time(first_day: AssistanceHarness) -> None:
    harness = first_day
    one = family(harness)
    lent(harness, one)
    (exited,) = harness.record(one.exited("2016-03-01"))
    assert standing(harness, one) == [(LoanRunsToTerm, date(2016, 3, 1))]
    harness.assert_caused_by(stream(harness, one)[-1], exited)
    before = stream(harness, one)
    harness.record(one.pupil_surveyed("2016-03-02", one.pupil.school_stage))
    assert stream(harness, one) == before
    (void,) = harness.record(one.annulled("2016-03-05", exited))
    assert standing(harness, one) == []
    assert isinstance(stream(harness, one)[-1].fact, LoanConsequencesAnnulled)
    harness.assert_caused_by(stream(harness, one)[-1], void)
    harness.record(one.exited("2016-03-02"))
    assert standing(harness, one) == [(LoanRunsToTerm, date(2016, 3, 2))]


def test_whether_the_loan_or_the_register_is_told_first_decides_nothing(first_day: AssistanceHarness) -> None:
    harness = first_day
    first, second = family(harness), family(harness)
    lent(harness, first)
    for one in (first, second):
        harness.record(one.moved("2016-01-05"), one.exited("2016-01-06"))
    lent(harness, second)
    expected = [(LoanOfficeChanged, date(2016, 1, 5)), (LoanRunsToTerm, date(2016, 1, 6))]
    assert standing(harness, first) == standing(harness, second) == expected
    # A loan that was settled on that day needs no term; told late, it is overtaken.
    loan = f"/loans/{stream(harness, first)[0].fact.loan_id}"  # type: ignore[attr-defined]
    debt = read(harness, loan, as_of=START)["debt"]
    harness.post(harness.reviewer, f"{loan}/repayments", money(START, debt, "R-1", prepayment=True))
    assert standing(harness, first) == expected[:1]


def test_the_office_where_the_household_moved_keeps_the_account(first_day: AssistanceHarness) -> None:
    harness = first_day
    one = family(harness)
    loan = lent(harness, one)
    there = harness.running.client_for("reviewer-9", "990002", Role.REVIEWER)
    form = money(START, "1.00", "R-1")
    assert harness.refused(there, f"{loan}/repayments", form)[0] == 404
    (moved,) = harness.record(one.moved("2016-01-04", "990002101201"))
    harness.post(there, f"{loan}/repayments", form)
    assert harness.refused(harness.reviewer, f"{loan}/repayments", money(START, "1.00", "R-2"))[0] == 404
    (item,) = harness.get("/loans", there)["items"]
    assert loan.endswith(item["loan_id"])
    harness.record(one.annulled("2016-01-04", moved))
    harness.post(harness.reviewer, f"{loan}/repayments", money(START, "1.00", "R-2"))
    assert harness.get("/loans", there)["items"] == []
    assert harness.refused(there, f"{loan}/repayments", money(START, "1.00", "R-3"))[0] == 404


def waiting(harness: AssistanceHarness, one: Family, who: ApiClient | None = None) -> list[dict[str, Any]]:
    items = harness.get("/inbox", who, limit=200)["items"]
    return [e for e in items if e["household_id"] == str(one.household) and e["why"]["code"].startswith("loan_")]


def test_a_review_waits_until_it_is_decided_who_owes_the_loan(first_day: AssistanceHarness) -> None:
    harness = first_day
    one = family(harness)
    loan = lent(harness, one)
    other = fact(MemberJoined, one.household, "2016-01-04", member=build_member(), reason=JoinReason.MARRIAGE)
    died = msgspec.structs.replace(one.pupil_died("2016-01-04"), person_id=one.head.person_id)
    harness.record(other, died)
    (review,) = read(harness, loan)["reviews"]
    assert (review["reason"], review["outcome"]) == ("borrower_died", None)
    decided = f"{loan}/review-decisions"
    form = {"effective_on": START, "review": review["review"], "outcome": "goes_on"}

    def refused(**otherwise: Any) -> str:
        return harness.refused(harness.decider, decided, {**form, **otherwise})[1]

    assert harness.refused(harness.reviewer, decided, form)[0] == 403
    assert refused() == "loan_review_debtor"  # who died does not go on owing it
    assert (
        refused(outcome="other_debtor") == refused(outcome="other_debtor", debtor=str(uuid4())) == "loan_review_debtor"
    )
    assert refused(outcome="other_debtor", debtor=str(one.head.person_id)) == "loan_review_debtor"
    assert refused(outcome="borne", debtor=str(other.member.person_id)) == "loan_review_debtor"
    assert refused(review=f"assistance/loans-{one.household}/1") == "loan_review_not_open"
    assert refused(effective_on="2016-01-03") == "loan_before_contract"
    (entry,) = waiting(harness, one)
    assert (entry["why"]["code"], entry["act"]["operation"], entry["may"]) == (
        "loan_review",
        "decide_loan_review",
        True,
    )
    assert entry["act"]["path"] == f"/assistance{decided}"
    form |= entry["act"]["form"]
    assert waiting(harness, one, harness.reviewer)[0]["refused_by"]["code"] == "role_not_allowed"
    heir = str(other.member.person_id)
    harness.post(harness.decider, decided, {**form, "outcome": "other_debtor", "debtor": heir})
    assert refused() == "loan_review_not_open"
    assert waiting(harness, one) == []
    now = read(harness, loan)
    assert (now["person_id"], now["debtor"]) == (str(one.head.person_id), heir)
    assert now["reviews"][0]["outcome"] == "other_debtor"
