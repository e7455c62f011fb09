"""Revoking tokens over HTTP, in the registry: all services follow."""

from collections.abc import Callable
from datetime import datetime

from fastapi.responses import JSONResponse

from contracts.civil import civil_day
from contracts.registry.token_revocations import RevocationReason, TokensRevoked
from services.casework.directory.forms import AccountText
from services.casework.directory.rules import usable_account
from services.casework.revocations.view import stream_of
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.web.application import Body
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.routing import DeferredRouter


class RevocationForm(Body):
    account: AccountText
    reason: RevocationReason


def revocations_router(store: Store, now: Callable[[], datetime]) -> DeferredRouter:
    """``now``: the clock that tokens run on."""
    router = DeferredRouter(prefix="/token-revocations", tags=["staff"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def revoke_tokens(form: RevocationForm, command: CurrentCommand) -> JSONResponse:
        """Every token issued to this account up to now is void, in all services, within seconds. Those issued later are good:
        whoever must not come back is stopped at the identity provider, or by ending the account."""
        account, issued_before = usable_account(form.account), now()

        def work(tx: Tx) -> Reply:
            fact = TokensRevoked(
                effective_on=civil_day(issued_before), entered_by=command.by, account=account,
                issued_before=issued_before, reason=form.reason,
            )  # fmt: skip
            tx.append(stream_of(account), fact)
            return Reply()

        return await execute(store, command, work, stream_of(account))

    return router
