"""Requests for disclosures."""

from dataclasses import dataclass
from typing import Any

from tests.support.running import ApiClient

ORDER = {"organ": "县审计局", "document_no": "审通〔2014〕5号"}


@dataclass(frozen=True)
class Asking:
    """As one who sees what was entered."""

    client: ApiClient

    def entry(self, household: str) -> dict[str, str]:
        """The household's first entry, as a matter."""
        facts = self.client.get(f"/registry/households/{household}/facts").json()
        return {"kind": "entry", "id": facts[0]["act"]}

    def form(self, *households: str, purpose: str = "verification") -> dict[str, Any]:
        """For names and addresses, with an entry of each household."""
        matters = [self.entry(each) for each in dict.fromkeys(households)]
        return {"household_ids": [*households], "purpose": purpose, "fields": ["name", "address"], "matters": matters}
