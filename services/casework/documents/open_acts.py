"""Which acts are open on an edition of a document: to confirm what another proposed, or to withdraw it; to operators of its place."""

from collections.abc import Iterable, Mapping, Sequence

from services.casework.documents.domain import Status
from services.casework.documents.editions import STREAM
from services.casework.documents.reading import Documents
from services.casework.documents.store import Persons, governs
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, among


def acts_of_documents(documents: Documents, persons: Persons) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there. ``persons``: which accounts are one person's."""

    def of_document(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        state = documents.own().as_known().states.get(f"{documents.store.name}/{STREAM}/{ids['number']}")
        if state is None or not governs(actor, state.edition.jurisdiction):
            raise Refused(NOT_FOUND)
        mine = {actor.subject, *documents.store.on_snapshot(lambda tx: persons(tx, actor.subject))}
        confirmable = state.pending is not None and state.pending.fact.entered_by not in mine
        withdrawable = state.status is not Status.DROPPED
        return among(
            there, [*(["confirm_document"] if confirmable else []), *(["withdraw_document"] if withdrawable else [])]
        )

    return {"/documents/{number}": of_document}
