"""Members of the staff directory over HTTP: the operators' commands. Those about posts are in ``post_api``."""

from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.casework.directory import (
    AccountLinked,
    AccountUnlinked,
    PostsDelegated,
    StaffAbsent,
    StaffActsAnnulled,
    StaffNumberAssigned,
    StaffRegistered,
)
from contracts.personal import Personal
from services.casework.directory import forms
from services.casework.directory.command_service import StaffCommandService, claims_of
from services.casework.directory.rules import usable_account
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter


def directory_router(service: StaffCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/staff", tags=["staff"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def register_staff(form: forms.StaffForm, command: CurrentCommand) -> JSONResponse:
        """Put a person on the directory, with the accounts they sign in with."""
        staff_id, common = uuid5(command.ref.command_id, "staff"), form.common(command.by)
        registered = StaffRegistered(staff_id=staff_id, name=Personal(form.name), **common)
        links = [
            AccountLinked(staff_id=staff_id, account=found, **common)
            for found in dict.fromkeys(map(usable_account, form.accounts))
        ]
        number = (
            None if form.staff_no is None else StaffNumberAssigned(staff_id=staff_id, staff_no=form.staff_no, **common)
        )
        sealed = await service.sealer.seal(registered, dry_run=command.dry_run)
        work = service.commands.register(command.actor, sealed, links, number)
        return await service.carried_out(command, registered, work, claims_of(*links, *([number] if number else ())))

    @router.post("/{staff_id}/numbers", status_code=201, responses=ACCEPTED)
    async def assign_staff_number(staff_id: UUID, form: forms.NumberForm, command: CurrentCommand) -> JSONResponse:
        """The person's number on the lists of their office."""
        fact = StaffNumberAssigned(staff_id=staff_id, staff_no=form.staff_no, **form.common(command.by))
        return await service.recorded(command, fact)

    @router.post("/{staff_id}/accounts", status_code=201, responses=ACCEPTED)
    async def link_account(staff_id: UUID, form: forms.AccountForm, command: CurrentCommand) -> JSONResponse:
        """The account is this person's from that day."""
        found = usable_account(form.account)
        return await service.recorded(
            command, AccountLinked(staff_id=staff_id, account=found, **form.common(command.by))
        )

    @router.post("/{staff_id}/account-endings", status_code=201, responses=ACCEPTED)
    async def unlink_account(staff_id: UUID, form: forms.AccountForm, command: CurrentCommand) -> JSONResponse:
        """The person no longer acts under the account."""
        found = usable_account(form.account)
        return await service.recorded(
            command, AccountUnlinked(staff_id=staff_id, account=found, **form.common(command.by))
        )

    @router.post("/{staff_id}/absences", status_code=201, responses=ACCEPTED)
    async def record_absence(staff_id: UUID, form: forms.AbsenceForm, command: CurrentCommand) -> JSONResponse:
        """The person is away for a time."""
        return await service.recorded(command, StaffAbsent(staff_id=staff_id, **form.common(command.by), **form.own()))

    @router.post("/{staff_id}/delegations", status_code=201, responses=ACCEPTED)
    async def delegate_posts(staff_id: UUID, form: forms.DelegationForm, command: CurrentCommand) -> JSONResponse:
        """Another person stands in for a time."""
        delegation_id = uuid5(command.ref.command_id, "delegation")
        fact = PostsDelegated(staff_id=staff_id, delegation_id=delegation_id, **form.common(command.by), **form.own())
        return await service.recorded(command, fact)

    @router.post("/{staff_id}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_staff(staff_id: UUID, form: forms.StaffCorrectionForm, command: CurrentCommand) -> JSONResponse:
        """Annul acts; annulling an annulment restores."""
        fact = StaffActsAnnulled(
            staff_id=staff_id, acts=form.acts, reason=Personal(form.reason), **form.common(command.by)
        )
        work = service.commands.annul(command.actor, await service.sealer.seal(fact, dry_run=command.dry_run))
        return await service.carried_out(command, fact, work)

    return router
