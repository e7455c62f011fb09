"""Following another log's documents: the consumer keeps the copies that ``Documents`` reads; there is nothing to do."""

from collections.abc import Sequence

from contracts.facts import Recorded
from services.casework.documents.editions import DOCUMENT_TYPES
from services.chassis.log.unit import Tx


class FollowedDocuments:
    """A reaction that has document facts copied."""

    name = "followed_documents"
    types = DOCUMENT_TYPES
    appends = False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Copied they are already."""
