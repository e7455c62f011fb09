"""Clients that take a project and a fund through their steps, one after the other, each retried until it is answered; and what must
be true of both whatever was killed between any two steps."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from contracts.roles import Role
from services.monitoring.funds import store as funds
from services.monitoring.projects import store as projects
from tests.faults.invariants import check_rebuild
from tests.faults.lika_invariants import RunningLika
from tests.faults.retrying_clients import Addressed, Request, RetryingClient
from tests.monitoring.funds.money import FUNDS, fund, wan
from tests.monitoring.projects.road import COUNTY, DOCUMENT, PROJECTS, REPORT, VILLAGE, draft
from tests.support.evidence import on_paper

USE = {"use": {"programme": "education_aid"}}
DAY = "2016-03-02"
Step = tuple[str, Callable[[str], dict[str, Any]]]
"""The act, empty for the first; its form, by the key of the command."""

MONEY: Sequence[Step] = (
    ("", lambda key: fund("2016-03-01", document_no=key, purposes=[])),
    ("receipts", lambda key: {"effective_on": "2016-03-01", "moved": wan("60"), "voucher": key[:36]}),
    ("allocations", lambda _: {
        "effective_on": "2016-03-01", "moved": wan("30"), **USE, "decision": {**DOCUMENT, "decided_on": "2016-03-01"},
    }),
    ("use-notices", lambda _: {
        "effective_on": "2016-03-01", "place": "公示栏", "until": "2016-03-01", "evidence": on_paper("notice_photo"), **USE,
    }),
    ("reservations", lambda _: {"effective_on": DAY, "moved": wan("20"), **USE}),
    ("payments", lambda key: {"effective_on": DAY, "moved": wan("5"), "voucher": key[:36], **USE}),
    ("payments", lambda key: {"effective_on": DAY, "moved": wan("4"), "voucher": key[:36], **USE}),
    ("payment-returns", lambda key: {"effective_on": DAY, "moved": wan("1"), "voucher": key[:36], **USE}),
)  # fmt: skip
"""A fund of 600,000 yuan, of which 80,000 are spent in the end."""
WORKS: Sequence[Step] = (
    ("", lambda key: _draft(key)),
    ("baselines", lambda _: {"effective_on": "2016-01-11", "evidence": REPORT}),
    ("funding-applications", lambda _: {
        "effective_on": "2016-01-12", "origin": "social", "applied_to": "基金会", "asked_for": wan("1"), "evidence": REPORT,
    }),
    ("drafts", lambda key: _draft(key)),
)  # fmt: skip


def _draft(key: str) -> dict[str, Any]:
    return draft(item=key[:8])


class StepClient(RetryingClient):
    """``done``: act → keys that were acknowledged."""

    def __init__(self, lika: Addressed, name: str, division: str, role: Role, root: str, steps: Sequence[Step]) -> None:
        super().__init__(lika, name, division, role, self._next)
        self._root, self._steps = root, steps
        self.done: dict[str, list[str]] = {act: [] for act, _ in steps}
        self._request: Request = (root, {})

    def _next(self, _: str) -> Request:
        return self._request

    def steps_of_a_round(self) -> Sequence[Step]:
        return self._steps

    def run(self) -> None:
        while not self.stopped.is_set():
            subject = ""
            for act, form in self.steps_of_a_round():
                key = str(uuid4())
                self._request = f"{self._root}/{subject}/{act}" if subject else self._root, form(key)
                self._send_until_answered(key)
                if key not in self.acknowledged:
                    break  # refused: among ``refused``, which is to be empty
                self.done[act].append(key)
                subject = self.acknowledged[key]


def treasurer(lika: Addressed) -> StepClient:
    return StepClient(lika, "treasurer", COUNTY, Role.DECIDER, FUNDS, MONEY)


def drafter(lika: Addressed) -> StepClient:
    return StepClient(lika, "drafter", VILLAGE, Role.CADRE, PROJECTS, WORKS)


TYPES = {
    "": "FundDeclared", "receipts": "FundReceived", "allocations": "FundAllocated", "use-notices": "FundUseNoticePosted",
    "reservations": "QuotaReserved", "payments": "FundPaid", "payment-returns": "FundPaymentReturned",
}  # fmt: skip
COUNT = "SELECT count(*) FROM log WHERE starts_with(topic, %s)"
SUMS = (
    "SELECT coalesce(sum(fen), 0), coalesce(sum(fen) FILTER (WHERE account = 'spent'), 0) FROM fund_entries"
    " WHERE known_until IS NULL"
)


def check_money(lika: RunningLika, treasurer: StepClient, drafter: StepClient) -> None:
    """Every step that was acknowledged is there once, ledgers balance to the fen, and the views are what a rebuild makes. Lika is up and
    has read all."""
    assert (treasurer.refused, drafter.refused) == ([], [])
    assert treasurer.done["receipts"]
    assert drafter.done["baselines"]

    def recorded(type_: str) -> int:
        return int(lika.query("monitoring", COUNT, (f"{type_}/",))[0][0])

    assert {act: recorded(t) for act, t in TYPES.items()} == {act: len(keys) for act, keys in treasurer.done.items()}
    drafts = len(drafter.done[""]) + len(drafter.done["drafts"])
    applied = recorded("BaselineSurveyed"), recorded("ProjectFundingApplied")
    assert (recorded("ProjectDrafted"), *applied) == (
        drafts, len(drafter.done["baselines"]), len(drafter.done["funding-applications"]),
    )  # fmt: skip
    [(total, spent)] = lika.query("monitoring", SUMS)
    # 50,000, then 40,000 paid of each fund, of which 10,000 came back; a fund that was broken off has less.
    paid = len(treasurer.done["payments"])
    firsts = -(-paid // 2)
    assert (int(total), int(spent)) == (
        0, 5_000_000 * firsts + 4_000_000 * (paid - firsts) - 1_000_000 * len(treasurer.done["payment-returns"]),
    )  # fmt: skip
    for view in (funds.view(), projects.view()):
        check_rebuild("monitoring", lika.conninfo("monitoring"), view)
