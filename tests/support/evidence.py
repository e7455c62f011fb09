"""Evidence for tests: uploaded as officials upload it, or held on paper where a test is about something else."""

from collections.abc import Iterable
from typing import Any

import httpx

from contracts.facts import Evidence
from tests.support.running import ApiClient

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nminutes of a meeting\n%%EOF\n"


def on_paper(kind: str) -> list[dict[str, Any]]:
    """For the body of a command."""
    return [{"kind": kind, "held_on_paper": True}]


def paper(kind: str) -> tuple[Evidence, ...]:
    """For a fact."""
    return (Evidence(kind=kind),)


def upload(
    person: ApiClient, service: str = "registry", content: bytes = PDF, *, kind: str = "minutes",
    subjects: Iterable[object] = (), key: str | None = None, name: str = "a.pdf", type_: str = "application/pdf",
    **more: Any,
) -> httpx.Response:  # fmt: skip
    form = {"kind": kind, "subjects": [str(s) for s in subjects]}
    return person.post(f"/{service}/evidence", key=key, data=form, files={"file": (name, content, type_)}, **more)


def uploaded(person: ApiClient, service: str = "registry", content: bytes = PDF, **more: Any) -> list[dict[str, Any]]:
    """For the body of a command: the answer of an upload is cited as it is."""
    answer = upload(person, service, content, **more)
    assert answer.status_code == 201, answer.text
    return [answer.json()["evidence"]]
