"""A county's cutover over HTTP: an opening balance is proposed and approved by two persons, and annulled by two."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.registry.opening_balances import (
    MonitoringBalance,
    OpeningAnnulmentProposed,
    OpeningBalanceProposed,
    StatusBalance,
)
from services.casework.dates import require_not_future
from services.casework.directory.store import accounts_of
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.routing import DeferredRouter
from services.registry.opening_balances import domain
from services.registry.opening_balances.answers import (
    AnnulmentApprovalForm,
    AnnulmentForm,
    ApprovalForm,
    OpeningBalanceForm,
)
from services.registry.opening_balances.domain import OpeningBalances, stream_of
from services.registry.opening_balances.store import command_handler, require_known

County = Annotated[str, Path(pattern=r"^[0-9]{6}$", examples=["990001"])]


def opening_balances_router(store: Store, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/opening-balances", tags=["opening balances"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def propose_opening_balance(form: OpeningBalanceForm, command: CurrentCommand) -> JSONResponse:
        """Propose what your county held on its opening day, as the older system says. Another person approves it; it is counted nowhere,
        and compared with what the register holds."""
        county = command.actor.division
        fact = OpeningBalanceProposed(
            balance_id=command.ref.command_id, county=county, kept_in=form.kept_in,
            poverty=tuple(StatusBalance(**each.model_dump()) for each in form.poverty),
            monitoring=tuple(MonitoringBalance(**each.model_dump()) for each in form.monitoring),
            reconciliation_id=form.reconciliation_id, effective_on=form.opening_on,
            source_recorded_on=form.source_recorded_on, decision=form.decision.to_decision(), entered_by=command.by,
        )  # fmt: skip

        def propose(state: OpeningBalances, tx: Tx) -> tuple[OpeningBalanceProposed, ...]:
            require_not_future(max(form.opening_on, form.source_recorded_on), tx.today)
            proposed = domain.propose(state, fact)
            require_known(tx, documents, fact)
            return tuple(proposed)

        return await execute(store, command, command_handler(county, propose), stream_of(county))

    @router.post("/{county}/approvals", status_code=201, responses=ACCEPTED)
    async def approve_opening_balance(county: County, form: ApprovalForm, command: CurrentCommand) -> JSONResponse:
        """Approve the balance as it was proposed: the county is cut over. Whoever proposed it cannot."""
        _require_own(county, command.actor)
        work = command_handler(
            county,
            lambda state, tx: domain.approve(state, form.balance_id, command.by, accounts_of(tx, command.by)),
        )
        return await execute(store, command, work, stream_of(county))

    @router.post("/{county}/annulments", status_code=201, responses=ACCEPTED)
    async def propose_opening_annulment(county: County, form: AnnulmentForm, command: CurrentCommand) -> JSONResponse:
        """Propose that the balance never counted. Another person approves it; then another balance may be entered."""
        _require_own(county, command.actor)

        def propose(state: OpeningBalances, tx: Tx) -> tuple[OpeningAnnulmentProposed, ...]:
            fact = OpeningAnnulmentProposed(
                annulment_id=command.ref.command_id, balance_id=form.balance_id, county=county, effective_on=tx.today,
                decision=form.decision.to_decision(), entered_by=command.by,
            )  # fmt: skip
            return tuple(domain.propose_annulment(state, fact))

        return await execute(store, command, command_handler(county, propose), stream_of(county))

    @router.post("/{county}/annulment-approvals", status_code=201, responses=ACCEPTED)
    async def approve_opening_annulment(
        county: County, form: AnnulmentApprovalForm, command: CurrentCommand
    ) -> JSONResponse:
        """Approve the annulment as it was proposed; whoever proposed it cannot."""
        _require_own(county, command.actor)
        work = command_handler(
            county,
            lambda state, tx: domain.approve_annulment(
                state, form.annulment_id, command.by, accounts_of(tx, command.by)
            ),
        )
        return await execute(store, command, work, stream_of(county))

    return router


def _require_own(county: str, actor: Actor) -> None:
    """The office of that county; the level is the access table's to say."""
    if actor.division != county:
        raise Refused(NOT_FOUND)
