"""A valid request for every operation on a service's documents."""

from collections.abc import Mapping
from itertools import count

from contracts.casework.documents import DocumentProposed
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS as ASSISTANCE
from services.casework.documents.first_texts import FirstTexts
from services.chassis.law.content import canonical_text, content_of
from services.monitoring.service import FIRST_TEXTS as MONITORING
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY
from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading

TEXTS: Mapping[str, FirstTexts] = {"registry": REGISTRY, "assistance": ASSISTANCE, "monitoring": MONITORING}
NUMBERS = count(1)


def document_operations(service: str) -> dict[str, MakeRequest]:
    """The operations of a service that has documents."""

    def form() -> dict[str, str]:
        """The first document that is shipped, in an edition of another name: what it says is what holds already."""
        shipped: DocumentProposed = TEXTS[service].proposals[0]
        changes = {"edition": f"fuzzed-{next(NUMBERS)}"}
        return {"content": canonical_text({**content_of(shipped.content), **changes})}

    def proposed(county: SeededCounty) -> int:
        other = county.client_for("operator-2", "", Role.OPERATOR)
        return int(county.post(other, f"/{service}/documents", form()).rpartition("/")[2])

    def withdrawal(county: SeededCounty) -> ValidRequest:
        return ValidRequest(county.operator, {"number": proposed(county)}, {"reason": "写错了"})

    return {
        "list_documents": reading(as_of="2014-06-10", division="990001"),
        "read_document": lambda county: ValidRequest(county.auditor, {"number": 1}),
        "propose_document": lambda county: ValidRequest(county.operator, body=form()),
        "confirm_document": lambda county: ValidRequest(county.operator, {"number": proposed(county)}),
        "withdraw_document": withdrawal,
    }
