"""What a service's own texts say, for tests of pure rules."""

from datetime import UTC, date, datetime

import msgspec

from contracts.canonical import encode
from contracts.casework.documents import DocumentProposed
from contracts.facts import Recorded
from services.assistance.programmes.document import KIND as PROGRAMME
from services.casework.documents.domain import KnownDocuments
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import ADOPTIONS, SHIPPED_BY, FirstTexts, adoption_facts
from services.casework.documents.lookup import Lookup


def programme_of(texts: FirstTexts, key: str, place: str, until: date | None = None) -> DocumentProposed:
    """The edition of a programme that is shipped for a place; ``until``: where it shall end on a day."""
    (found,) = [f for f in texts.proposals if (f.kind, f.key, f.jurisdiction) == (PROGRAMME, key, place)]
    return msgspec.structs.replace(found, in_force_to=until)


def lookup_of(*proposals: DocumentProposed, log: str = "assistance") -> Lookup:
    """Looks up these documents, adopted."""
    at = datetime(2014, 1, 1, tzinfo=UTC)
    adopted = adoption_facts(log, proposals, 0)
    known = KnownDocuments(
        [
            Recorded(log, n, STREAM, n, at, ADOPTIONS, SHIPPED_BY, fact, encode(fact))
            for n, fact in enumerate(adopted, 1)
        ]
    )
    return Lookup(lambda _: known)
