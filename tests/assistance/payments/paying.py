"""A county that pays: pupils with grants, and the hands that a pay-list goes through."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from contracts.assistance.entitlements import EntitlementApplied, EntitlementGranted, GrantedAmount
from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from services.assistance.document_kinds import FOLLOWED, KINDS
from services.assistance.entitlements.domain import stream_of
from services.assistance.programmes.lookup import Programmes
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.log.unit import Tx
from services.registry.document_kinds import FIRST_TEXTS
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family

PERIODS = {"period_from": "2016-08-01", "period_to": "2017-01-31"}
STAGES = (SchoolStage.PRIMARY, SchoolStage.JUNIOR)
PER_TERM = dict(zip(STAGES, (Decimal("500.00"), Decimal("625.00")), strict=True)) | {
    SchoolStage.COLLEGE: Decimal("10000.00")  # a school year
}


def granted_without_steps(
    tx: Tx, lookup: Lookup, pupil: UUID, household: UUID, since: date, *, stage: SchoolStage, division: str, by: str,
    programme: str = "education_aid", component_of: str | None = None, yuan: Decimal | None = None,
) -> UUID:  # fmt: skip
    """Education aid, or one component of another programme, as its procedure grants it; the case."""
    edition = Programmes(lookup).in_force(programme, since, division)
    component = edition.component(component_of or stage)
    assert component is not None
    rate = component.rate_on(since)
    assert rate is not None
    common: dict[str, Any] = {
        "household_id": household, "unit_id": pupil, "programme": programme, "case_id": uuid4(), "effective_on": since,
        "entered_by": by, "division": division, "stage": stage, "decided_from": lookup.basis("assistance", tx.head),
    }  # fmt: skip
    amount = GrantedAmount(component=component.key, yuan=PER_TERM[stage] if yuan is None else yuan, since=rate.starts)
    tx.append(stream_of(pupil), EntitlementApplied(**common, other_grants=Decimal(0)))
    tx.append(stream_of(pupil), EntitlementGranted(**common, amounts=(amount,)))
    case: UUID = common["case_id"]
    return case


class PayOffice:
    """``township`` compiles and posts, ``department`` verifies, ``finance`` releases, hands over and takes results."""

    def __init__(self, harness: AssistanceHarness) -> None:
        self.harness, client = harness, harness.running.client_for
        self.township = client("township-1", TOWNSHIP, Role.CADRE)
        self.department = client("department-1", COUNTY, Role.REVIEWER)
        self.finance = client("finance-1", COUNTY, Role.DECIDER)
        self.treasurer = client("finance-2", COUNTY, Role.DECIDER)

    @classmethod
    def with_calendars(cls, harness: AssistanceHarness) -> "PayOffice":
        """The register holds the calendars that terms and working days are counted by."""
        FIRST_TEXTS.adopt(harness.registry)
        harness.running.positions["registry"] = harness.registry.position()
        return cls(harness)

    def families(self, stage: SchoolStage, count: int, enrolled: str = "2015-03-01") -> list[Family]:
        found = [Family.new(stage) for _ in range(count)]
        for at in range(0, count, 50):  # so that nobody waits for a large batch of reactions
            some = found[at : at + 50]
            self.harness.record(*(fact for f in some for fact in (f.recorded("2015-01-05"), f.enrolled(enrolled))))
        return found

    def grant(self, families: Iterable[Family], since: str, **of: Any) -> None:
        """As procedures grant it, without their steps. ``of``: another programme, its component, and what was granted of it."""

        documents = Documents(self.harness.assistance, KINDS, FOLLOWED)

        def work(tx: Tx) -> None:
            for family in families:
                granted_without_steps(
                    tx, documents.in_unit(tx), family.pupil.person_id, family.household, date.fromisoformat(since),
                    stage=family.pupil.school_stage, division=family.division, by="decider-1", **of,
                )  # fmt: skip
            self.harness.running.positions["assistance"] = tx.head + 2 * len(list(families))

        self.harness.assistance.transact(work, actor="decider-1")

    def pupils(self, count: int) -> list[Family]:
        """So many households with a pupil of a junior school who is granted aid from autumn 2016 on."""
        found = self.families(SchoolStage.JUNIOR, count)
        self.grant(found, "2016-09-01")
        return found

    def quota(self, yuan: str, year: int = 2016, programme: str = "education_aid") -> None:
        content = (
            f'{{"payment_quota":"{programme}","edition":"{year}-{uuid4().hex[:6]}","zh":"资金额度","en":"quota",'
            f'"jurisdiction":"{COUNTY}","source":"示财农〔{year}〕9号","yuan":{{"decimal":"{yuan}"}},'
            f'"in_force":{{"from":{{"date":"{year}-01-01"}},"to":{{"date":"{year}-12-31"}}}}}}'
        )
        first, second = self.harness.operator, self.harness.running.client_for("operator-2", "", Role.OPERATOR)
        answer = first.post("/assistance/documents", {"content": content})
        assert answer.status_code == 201, answer.text
        confirmed = second.post(f"{answer.json()['location']}/confirmations")
        assert confirmed.status_code == 201, confirmed.text

    def compile(self, due_as_of: str, **changes: Any) -> str:
        return self.harness.post(self.township, "/pay-lists", self.asked(due_as_of, **changes))

    def asked(self, due_as_of: str, **changes: Any) -> dict[str, Any]:
        return {"programme": "education_aid", "division": TOWNSHIP, **PERIODS, "due_as_of": due_as_of, **changes}

    def hand_over(self, pay_list: str, on: str, posted: str | None = None, voucher_no: str = "V1") -> None:
        """All steps to the hand-over; ``posted``: from the posting on."""
        post = self.harness.post
        if posted is not None:
            post(self.township, f"{pay_list}/postings", {"on": posted})
            self.harness.advance_to(on)
            post(self.department, f"{pay_list}/verifications", {"on": on})
        self.release(pay_list, on)
        post(self.finance, f"{pay_list}/handovers", {"on": on, "voucher_no": voucher_no})

    def release(self, pay_list: str, on: str) -> None:
        body = {"on": on, "fund_document": "示财农〔2016〕9号", "order_no": "20161108-1"}
        self.harness.post(self.finance, f"{pay_list}/releases", body)

    def read(self, pay_list: str) -> Any:
        return self.harness.get(pay_list, self.finance)

    def lines(self, pay_list: str) -> list[dict[str, Any]]:
        """All of them, page by page."""
        rows, page = [], self.harness.get(f"{pay_list}/lines", self.finance, limit=200)
        while page["next"] is not None:
            rows += page["items"]
            page = self.harness.get(f"{pay_list}/lines", self.finance, limit=200, cursor=page["next"])
        return [*rows, *page["items"]]

    def result(
        self, pay_list: str, on: str, failed: dict[int, str] | None = None, *, only: Iterable[int] | None = None
    ) -> bytes:
        """A result file of the lines handed over last."""
        state, failed = self.read(pay_list), failed or {}
        wanted = set(only) if only is not None else None
        rows = self.lines(pay_list)
        lines = ["名册编号,控制码,行号,金额,结果,入账日期,退票原因"]
        for row in rows:
            if row["control"] == state["control"] and (wanted is None or row["line"] in wanted):
                cause = failed.get(row["line"], "")
                said = "失败" if cause else "成功"
                lines.append(f"{state['list_id']},{state['control']},{row['line']},{row['amount']},{said},{on},{cause}")
        lines.append(f"合计,{len(lines) - 1}")
        return ("\n".join(lines) + "\n").encode()

    def take(
        self, pay_list: str, content: bytes, key: str | None = None, media_type: str = "text/csv", **query: Any
    ) -> Any:
        headers = {**self.finance._headers, "Idempotency-Key": key or str(uuid4()), "Content-Type": media_type}
        client = self.finance._client
        answer = client.post(f"/assistance{pay_list}/results", content=content, params=query, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        self.harness.running.positions.update(answer.json()["position"])
        return answer.json()

    def identities(self, **asked: Any) -> Any:
        return self.harness.get("/payments/identities", self.finance, **{"programme": "education_aid", **asked})
