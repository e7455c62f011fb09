"""The documents of a running house, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from services.casework.documents.editions import STREAM
from services.casework.documents.rules import MALFORMED_DOCUMENT
from services.chassis.law.content import DocumentError, path_of
from services.chassis.web.cli_client import House, asking, fail, reason
from services.chassis.web.idempotency_keys import KEY_HEADER

Answer = dict[str, Any]


@dataclass(frozen=True)
class HouseDocuments:
    """A refusal, or no answer, ends the command."""

    house: House

    def list_all(self, service: str, **filters: object) -> list[Answer]:
        """Every edition that fits, oldest first."""
        asked = {name: value for name, value in filters.items() if value is not None}
        found: list[Answer] = []
        while True:
            page = self._send("GET", f"/{service}/{STREAM}", params=asked)
            found += page["items"]
            if page["next"] is None:
                return found
            asked["cursor"] = page["next"]

    def read(self, document: str) -> Answer:
        """One edition with its text; ``document``: its id, ``registry/documents/7``."""
        return self._send("GET", f"/{document}")

    def try_proposal(self, service: str, content: str) -> str | None:
        """Why this account may not propose the document, in both languages: what only the house knows, such as the kinds that others
        adopted, was not asked then. ``None`` where it may. Raises ``DocumentError`` for what is wrong with it."""
        answer = self.house.send(
            "POST", f"/{service}/{STREAM}", accepting={403, 422}, params={"dry_run": True}, json={"content": content},
            headers={KEY_HEADER: str(uuid4())},
        )  # fmt: skip
        if answer.is_success:
            return None
        if answer.status_code == HTTPStatus.FORBIDDEN:
            return reason(answer)
        problem: Answer = answer.json()
        if problem["code"] != MALFORMED_DOCUMENT.code:
            fail(reason(answer))
        zh, _, en = str(problem["facts"]["complaint"]).partition(" / ")
        raise DocumentError(path_of(problem["facts"]["part"]), zh, en)

    def propose(self, service: str, content: str) -> str:
        """Returns the id."""
        return self._command(f"/{service}/{STREAM}", {"content": content})

    def confirm(self, document: str) -> str:
        return self._command(f"/{document}/confirmations", None)

    def withdraw(self, document: str, reason: str) -> str:
        return self._command(f"/{document}/withdrawals", {"reason": reason})

    def ask(self, path: str, body: Answer) -> Answer:
        """A question that takes a form and records nothing."""
        return self._send("POST", path, json=body)

    def _command(self, path: str, body: Answer | None) -> str:
        accepted = self._send("POST", path, json=body, headers={KEY_HEADER: str(uuid4())})
        return str(accepted["location"]).removeprefix("/")

    def _send(self, method: str, path: str, **more: Any) -> Answer:
        answer: Answer = self.house.send(method, path, **more).json()
        return answer


@contextmanager
def house_documents(url: str, token: str) -> Iterator[HouseDocuments]:
    with asking(url, token) as house:
        yield HouseDocuments(house)
