"""Which acts are open about what was granted: nothing is told, or collected, where the programme pays by no such thing."""

from collections.abc import Iterable, Mapping, Sequence

from contracts.selection import timeline
from services.assistance.collections.store import COLLECTED, components_told, recipient_of
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.state import fold
from services.casework.documents.reading import Documents
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in

COLLECTING = {"open_collection", "pledge_donation", "receive_donation"}


def acts_of_grants(store: Store, documents: Documents) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""

    def of_grant(actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        case_id = id_in(ids, "case_id")
        with store.reading() as conn, conn.cursor() as cur:
            unit = recipient_of(cur, case_id, actor)
        grant = fold(timeline(store.stream(stream_of(unit)))).grants.get(case_id)
        told = {} if grant is None else components_told(documents, grant)
        closed = set() if COLLECTED in told.values() else COLLECTING
        if not set(told.values()) - {COLLECTED}:
            closed = closed | {"tell_quantity"}
        return [each for each in there if each.act not in closed]

    return {"/entitlements/{case_id}": of_grant}
