"""A fund for a road, as those who handle it enter it over HTTP."""

from typing import Any

from tests.monitoring.projects.road import COUNTY, DOCUMENT, Handlers, done
from tests.support.evidence import on_paper

FUNDS = "/monitoring/funds"


def wan(sum_: str) -> dict[str, str]:
    return {"sum": sum_, "money_unit": "wan_yuan"}


def fund(on: str = "2016-03-01", **changed: Any) -> dict[str, Any]:
    """600,000 yuan of the county's for roads."""
    return {
        "effective_on": on, "division": COUNTY, "title": "财政专项扶贫资金", "source": "central", "source_label": "中央财政",
        "level": "county", "document_no": "财农〔2016〕10号", "year": 2016, "purposes": ["roads"], "promised": wan("60"),
        "due_on": "2016-06-30", **changed,
    }  # fmt: skip


class Money:
    """The acts about one fund, each by whoever may."""

    def __init__(self, handlers: Handlers, path: str, project: str) -> None:
        self.handlers, self.path = handlers, path
        self.use = {"project_id": project.rpartition("/")[2]}

    def form(self, act: str, on: str, sum_: str | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
        moved = {} if sum_ is None else {"moved": wan(sum_)}
        return f"{self.path}/{act}", {"effective_on": on, **moved, **more}

    def do(self, act: str, on: str, sum_: str | None = None, **more: Any) -> str:
        return done(self.handlers.decider, *self.form(act, on, sum_, **more))

    def receive(self, on: str, sum_: str, voucher: str) -> str:
        return self.do("receipts", on, sum_, voucher=voucher)

    def allocate(self, on: str, sum_: str) -> str:
        return self.do("allocations", on, sum_, use=self.use, decision={**DOCUMENT, "decided_on": on})

    def post_use(self, on: str, until: str) -> str:
        photo = on_paper("notice_photo")
        return self.do("use-notices", on, use=self.use, place="村务公开栏", until=until, evidence=photo)

    def reserve(self, on: str, sum_: str) -> str:
        return self.do("reservations", on, sum_, use=self.use)

    def payment(self, on: str, sum_: str, voucher: str, **more: Any) -> tuple[str, dict[str, Any]]:
        return self.form("payments", on, sum_, use=self.use, voucher=voucher, **more)

    def pay(self, on: str, sum_: str, voucher: str, **more: Any) -> str:
        return done(self.handlers.decider, *self.payment(on, sum_, voucher, **more))

    def read(self, **asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.handlers.auditor.get(self.path, **asked).json()
        return answer
