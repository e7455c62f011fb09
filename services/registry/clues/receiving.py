"""A clue as it is received, sealed, from whatever form says it."""

from uuid import uuid5

from contracts.registry.clues import ClueReceived, ClueSource
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command
from services.registry.clues.domain import receipt_no, stream_of
from services.registry.clues.forms import ClueForm
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households.domain import stream_of as household_stream


async def clue_received(sealer: Sealer, form: ClueForm, command: Command, source: ClueSource) -> ClueReceived:
    """The clue's id is derived from the command, so that a repeated request is no second one; whoever shreds the household that it
    is about finds its text."""
    clue_id = uuid5(command.ref.command_id, "clue")
    fact = ClueReceived(
        **form.fact_fields(), clue_id=clue_id, source=source, entered_by=command.by, received_in=command.actor.division,
        receipt_no=receipt_no(clue_id, form.division, form.on), document="", end_by=form.on,
    )  # fmt: skip
    sealed = await sealer.seal(fact, dry_run=command.dry_run)
    if form.household_id is not None and not command.dry_run:
        await sealer.list_under(clue_id, (form.household_id,))
    return sealed


def streams_of(fact: ClueReceived) -> tuple[str, ...]:
    """What is read to receive it."""
    about = () if fact.household_id is None else (household_stream(fact.household_id),)
    return (stream_of(fact.clue_id), division_stream(fact.division), *about)
