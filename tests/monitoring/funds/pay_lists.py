"""Pay-lists of a stub of assistance that has only a log, as the real one would have recorded them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from contracts.assistance import payments as facts
from contracts.facts import Fact
from services.chassis.environment import Environment
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from tests.support.access import NO_ROUTES
from tests.support.running import Lika

COUNTY = "990001"


def assistance_stub(environment: Environment) -> tuple[Service, FastAPI]:
    service = Service("assistance", "assistance", environment, open_store("assistance", environment), access=NO_ROUTES)
    return service, service.app()


def fields(list_id: UUID, on: str) -> dict[str, Any]:
    return {"list_id": list_id, "effective_on": date.fromisoformat(on), "entered_by": "finance"}


def released(list_id: UUID, on: str, document: str, programme: str = "education_aid") -> Sequence[Fact]:
    """A list of the county's that is compiled, and released on the money of a document."""
    first = date.fromisoformat(on).replace(day=1)
    return (
        facts.PayListCompiled(
            **fields(list_id, on), programme=programme, division=COUNTY, means=facts.PayMeans.PLATFORM, period_from=first,
            period_to=date.fromisoformat(on), due_as_of=first, due_known_at=datetime(2016, 1, 1, tzinfo=UTC), lines=3,
            total=Decimal("11000.00"), digest="0" * 64,
        ),
        facts.PaymentsReleased(
            **fields(list_id, on), quota="assistance/document-x/1", fund_document=document, order_no="支-1",
            reserved=Decimal("11000.00"),
        ),
    )  # fmt: skip


def settled(list_id: UUID, on: str, yuan: str) -> Fact:
    return facts.PaymentsSettled(
        **fields(list_id, on), first=1, last=1, but=(), lines=1, total=Decimal(yuan), source="回盘-1"
    )


def returned(list_id: UUID, on: str, yuan: str) -> Fact:
    line = facts.ReturnedLine(line=1, cause=facts.ReturnCause.ACCOUNT_CLOSED)
    return facts.PaymentsReturned(
        **fields(list_id, on), lines=(line,), total=Decimal(yuan), of_settled=Decimal(yuan), source="退票-1"
    )


def annulled(list_id: UUID, on: str, *wrong: str) -> Fact:
    return facts.PaymentOutcomesAnnulled(**fields(list_id, on), annuls=wrong, reason="他人回盘文件")


def record(running: Lika, *told: Fact) -> list[str]:
    """Append to assistance's log; later reads of monitoring wait for them. Their ids."""
    store = running.services["assistance"].store
    ids = store.transact(lambda tx: [tx.append(f"pay-list-{f.list_id}", f)[0] for f in told])  # type: ignore[attr-defined]
    running.positions["assistance"] = store.head().position
    return ids
