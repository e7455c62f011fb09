"""What a document would change: against what is in force in a running house, or against what this release ships."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from lika.operations.documents.files import SERVICES, DocumentFile
from lika.operations.documents.house import HouseDocuments
from services.casework.documents.differences import Difference, differences
from services.chassis.law.content import content_of
from services.chassis.law.dated import NATIONAL, NotInForce


@dataclass(frozen=True)
class Effect:
    """``replaces``: id of the edition in force on the first day in that place, or of the shipped one; ``replaces_in``: its
    own jurisdiction; ``taken``: whether the name of the edition is."""

    replaces: str | None
    replaces_in: str | None
    taken: bool
    differences: Sequence[Difference]

    @classmethod
    def in_house(cls, file: DocumentFile, house: HouseDocuments) -> Self:
        document = file.document
        named = house.list_all(file.service, kind=document.kind, key=document.key)
        taken = any(e["edition"] == document.edition and e["status"] != "dropped" for e in named)
        place = None if document.jurisdiction == NATIONAL else document.jurisdiction
        in_force = house.list_all(
            file.service, kind=document.kind, key=document.key, division=place, as_of=document.since.isoformat()
        )
        found = [e for e in in_force if place is not None or e["jurisdiction"] == NATIONAL]
        if not found:
            return cls(None, None, taken, ())
        former = house.read(found[0]["id"])
        return cls(former["id"], former["jurisdiction"], taken, _against(former["content"], document.content))

    @classmethod
    def on_shipped(cls, file: DocumentFile) -> Self:
        document = file.document
        known = SERVICES[file.service].register(file.service).as_known()
        taken = known.named(document.kind, document.key, document.edition) is not None
        try:
            former = known.in_force(document.kind, document.key, document.since, document.jurisdiction)
        except NotInForce:
            return cls(None, None, taken, ())
        return cls(former.id, former.jurisdiction, taken, _against(former.fact.content, document.content))


def _against(former: str, content: Any) -> list[Difference]:
    return differences(content_of(former), content)
