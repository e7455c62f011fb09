"""Commands about agreements over HTTP. Queries are in ``read_api``."""

from uuid import UUID

from fastapi.responses import JSONResponse

from contracts.monitoring import agreements as facts
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.agreements import domain, forms
from services.monitoring.agreements.store import AgreementCommands, Decide, annulling, base_stream, stream_of


def agreements_router(commands: AgreementCommands, citations: Citations) -> DeferredRouter:
    router = DeferredRouter(tags=["agreements"])

    async def decide(command: Command, fact: facts.AgreementFact, by: Decide) -> JSONResponse:
        return await citations.execute(
            command, commands.handler(fact.agreement_id, command.actor, by), stream_of(fact.agreement_id),
            evidence=fact.evidence, about=(fact.agreement_id,), extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post("/agreements", status_code=201, responses=ACCEPTED)
    async def sign_agreement(form: forms.AgreementForm, command: CurrentCommand) -> JSONResponse:
        """A contract or agreement is signed; told twice it counts once."""
        # The id comes from the command, so that a repeated request signs no second one.
        fact = form.fact(command.ref.command_id, command.by)
        return await citations.execute(
            command, commands.sign(fact, command.actor), stream_of(fact.agreement_id), evidence=fact.evidence,
            about=(fact.agreement_id,), extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post("/agreements/{agreement_id}/renewals", status_code=201, responses=ACCEPTED)
    async def renew_agreement(
        agreement_id: UUID, form: forms.AgreementRenewalForm, command: CurrentCommand
    ) -> JSONResponse:
        """Another term is signed (续签)."""
        fact = facts.AgreementRenewed(
            agreement_id=agreement_id, term=form.term.term_of_agreement, **form.common(command.by)
        )
        return await decide(command, fact, lambda held, _, kind, today: domain.renew(fact, held, kind, today))

    @router.post("/agreements/{agreement_id}/deliveries", status_code=201, responses=ACCEPTED)
    async def deliver_agreement(
        agreement_id: UUID, form: forms.AgreementDeliveryForm, command: CurrentCommand
    ) -> JSONResponse:
        """So much of a clause was done, or paid."""
        fact = facts.AgreementDelivered(
            agreement_id=agreement_id, **form.delivered(), **form.common(command.by)
        )  # fmt: skip
        return await decide(command, fact, lambda held, _, __, today: domain.deliver(fact, held, today))

    @router.post("/agreements/{agreement_id}/endings", status_code=201, responses=ACCEPTED)
    async def end_agreement(agreement_id: UUID, form: forms.AgreementEndForm, command: CurrentCommand) -> JSONResponse:
        """It holds no longer, or one that has expired is not renewed."""
        fact = facts.AgreementEnded(agreement_id=agreement_id, reason=form.reason, **form.common(command.by))
        return await decide(command, fact, lambda held, _, __, today: domain.end(fact, held, today))

    @router.post("/agreements/{agreement_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_agreement_acts(
        agreement_id: UUID, form: forms.AgreementAnnulmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """Acts were wrong, or an annulment of some was; what is left rests on what stands."""
        fact = facts.AgreementActsAnnulled(
            agreement_id=agreement_id, reason=form.reason, annuls=form.annuls, **form.common(command.by)
        )
        return await decide(command, fact, annulling(fact))

    @router.post("/agreement-bases", status_code=201, responses=ACCEPTED)
    async def tell_agreement_base(form: forms.CoverageBaseForm, command: CurrentCommand) -> JSONResponse:
        """How many units and persons there are in all, of which agreements of a kind are to cover a share."""
        fact = facts.AgreementBaseTold(
            division=form.division, kind=form.agreement_kind, units=form.units, persons=form.persons,
            **form.common(command.by),
        )  # fmt: skip
        return await citations.execute(
            command, commands.tell_base(fact, command.actor), base_stream(fact.kind, fact.division),
            evidence=fact.evidence, about=(), extends=(DOCUMENTS,),
        )  # fmt: skip

    return router
