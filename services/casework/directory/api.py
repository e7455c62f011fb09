"""The staff directory over HTTP: its commands, which are the operators'."""

from collections.abc import Callable
from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from contracts.casework.directory import (
    AccountLinked,
    AccountUnlinked,
    PostAssumed,
    PostLeft,
    PostsDelegated,
    StaffAbsent,
    StaffActsAnnulled,
    StaffFact,
    StaffNumberAssigned,
    StaffRegistered,
)
from contracts.personal import Personal
from services.casework.directory import forms
from services.casework.directory.domain import stream_of
from services.casework.directory.rules import usable_account
from services.casework.directory.store import DirectoryCommands, claim_of
from services.casework.evidence.citations import Citations
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand


def directory_router(commands: DirectoryCommands, sealer: Sealer, citations: Citations) -> APIRouter:
    router = APIRouter(prefix="/staff", tags=["staff"])

    async def recorded(command: Command, fact: StaffFact) -> JSONResponse:
        work = commands.record(command.actor, await sealer.seal(fact, dry_run=command.dry_run))
        return await carried_out(command, fact, work, claims_of(fact))

    async def carried_out(
        command: Command, fact: StaffFact, work: Callable[[Tx], Reply], claims: tuple[Claim, ...] = ()
    ) -> JSONResponse:
        staff = fact.staff_id
        return await citations.execute(
            command, work, stream_of(staff), evidence=fact.evidence, about=(staff,), claims=claims
        )

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
        sealed = await sealer.seal(registered, dry_run=command.dry_run)
        work = commands.register(command.actor, sealed, links, number)
        return await carried_out(command, registered, work, claims_of(*links, *([number] if number else ())))

    @router.post("/{staff_id}/numbers", status_code=201, responses=ACCEPTED)
    async def assign_staff_number(staff_id: UUID, form: forms.NumberForm, command: CurrentCommand) -> JSONResponse:
        """The person's number on the lists of their office."""
        fact = StaffNumberAssigned(staff_id=staff_id, staff_no=form.staff_no, **form.common(command.by))
        return await recorded(command, fact)

    @router.post("/{staff_id}/accounts", status_code=201, responses=ACCEPTED)
    async def link_account(staff_id: UUID, form: forms.AccountForm, command: CurrentCommand) -> JSONResponse:
        """The account is this person's from that day."""
        found = usable_account(form.account)
        return await recorded(command, AccountLinked(staff_id=staff_id, account=found, **form.common(command.by)))

    @router.post("/{staff_id}/account-endings", status_code=201, responses=ACCEPTED)
    async def unlink_account(staff_id: UUID, form: forms.AccountForm, command: CurrentCommand) -> JSONResponse:
        """The person no longer acts under the account."""
        found = usable_account(form.account)
        return await recorded(command, AccountUnlinked(staff_id=staff_id, account=found, **form.common(command.by)))

    @router.post("/{staff_id}/posts", status_code=201, responses=ACCEPTED)
    async def assume_post(staff_id: UUID, form: forms.PostForm, command: CurrentCommand) -> JSONResponse:
        """The person holds a post from that day. Entered from the level above."""
        post_id = uuid5(command.ref.command_id, "post")
        fact = PostAssumed(staff_id=staff_id, post_id=post_id, **form.common(command.by), **form.own())
        return await recorded(command, fact)

    @router.post("/{staff_id}/posts/{post_id}/leavings", status_code=201, responses=ACCEPTED)
    async def leave_post(
        staff_id: UUID, post_id: UUID, form: forms.LeavingForm, command: CurrentCommand
    ) -> JSONResponse:
        """The person no longer holds the post."""
        fact = PostLeft(staff_id=staff_id, post_id=post_id, **form.common(command.by), **form.own())
        return await recorded(command, fact)

    @router.post("/{staff_id}/absences", status_code=201, responses=ACCEPTED)
    async def record_absence(staff_id: UUID, form: forms.AbsenceForm, command: CurrentCommand) -> JSONResponse:
        """The person is away for a time."""
        return await recorded(command, StaffAbsent(staff_id=staff_id, **form.common(command.by), **form.own()))

    @router.post("/{staff_id}/delegations", status_code=201, responses=ACCEPTED)
    async def delegate_posts(staff_id: UUID, form: forms.DelegationForm, command: CurrentCommand) -> JSONResponse:
        """Another person stands in for a time."""
        delegation_id = uuid5(command.ref.command_id, "delegation")
        fact = PostsDelegated(staff_id=staff_id, delegation_id=delegation_id, **form.common(command.by), **form.own())
        return await recorded(command, fact)

    @router.post("/{staff_id}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_staff(staff_id: UUID, form: forms.StaffCorrectionForm, command: CurrentCommand) -> JSONResponse:
        """Annul acts; annulling an annulment restores."""
        fact = StaffActsAnnulled(
            staff_id=staff_id, acts=form.acts, reason=Personal(form.reason), **form.common(command.by)
        )
        work = commands.annul(command.actor, await sealer.seal(fact, dry_run=command.dry_run))
        return await carried_out(command, fact, work)

    return router


def claims_of(*facts: StaffFact) -> tuple[Claim, ...]:
    """What these facts make one person's."""
    return tuple(claimed[0] for fact in facts if (claimed := claim_of(fact)) is not None)
