"""Posts of the staff directory over HTTP: assumed and left by the operators' hands, recertified by the level above."""

from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.casework.directory import PostAssumed, PostLeft, PostRecertified
from services.casework.directory import forms
from services.casework.directory.command_service import StaffCommandService
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter


def posts_router(service: StaffCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/staff", tags=["staff"])

    @router.post("/{staff_id}/posts", status_code=201, responses=ACCEPTED)
    async def assume_post(staff_id: UUID, form: forms.PostForm, command: CurrentCommand) -> JSONResponse:
        """The person holds a post from that day. Entered from the level above."""
        post_id = uuid5(command.ref.command_id, "post")
        fact = PostAssumed(staff_id=staff_id, post_id=post_id, **form.common(command.by), **form.own())
        return await service.recorded(command, fact)

    @router.post("/{staff_id}/posts/{post_id}/leavings", status_code=201, responses=ACCEPTED)
    async def leave_post(
        staff_id: UUID, post_id: UUID, form: forms.LeavingForm, command: CurrentCommand
    ) -> JSONResponse:
        """The person no longer holds the post."""
        fact = PostLeft(staff_id=staff_id, post_id=post_id, **form.common(command.by), **form.own())
        return await service.recorded(command, fact)

    @router.post("/posts/{post_id}/recertifications", status_code=201, responses=ACCEPTED)
    async def recertify_post(post_id: UUID, form: forms.RecertificationForm, command: CurrentCommand) -> JSONResponse:
        """Confirm, from the level above, that the post is held and needed, or end it."""
        staff_id = await service.holder(command.actor, post_id)
        about = {"staff_id": staff_id, "post_id": post_id, **form.common(command.by)}
        fact = PostRecertified(**about) if form.reason is None else PostLeft(reason=form.reason, **about)
        return await service.recorded(command, fact)

    return router
