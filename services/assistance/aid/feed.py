"""The reaction of education aid to the registry's facts."""

from collections.abc import Sequence

from contracts.facts import Recorded
from services.assistance.aid.domain import stream_of
from services.assistance.aid.store import reconcile_aid
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES
from services.assistance.beneficiaries.store import facts_about_persons, households_affected_by, persons_of
from services.casework.documents.reading import Documents
from services.chassis.log.unit import Tx


class PupilAidReaction:
    """Derives facts about the aid of everybody who was ever named in the households concerned, and in those that split off
    from them: what is learned late of a household before a split holds for the new one, too."""

    name = "pupil_aid_reaction"
    types = SUBSCRIBED_TYPES
    appends = True

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        streams = {stream_of(person): person for person in persons_of(tx.cur, households_affected_by(tx.cur, facts))}
        aided = [streams[stream] for stream, own in tx.load_many(streams).items() if own]
        for person, about in facts_about_persons(tx.cur, aided).items():
            reconcile_aid(tx, person, about, self._documents.in_unit(tx))
