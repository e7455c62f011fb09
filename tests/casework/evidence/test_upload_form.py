"""The form of an upload, read as it streams: in whatever pieces it comes, in the memory of one of them."""

import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

import anyio
import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.casework.evidence.upload_form import LARGEST_FIELDS, UploadFields, UploadForm
from services.chassis.ground.refusals import Refused

BOUNDARY = "----a-boundary"
PDF = b"%PDF-1.7\r\n--not the boundary\r\n------a-boundar\r\nend"


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def request(pieces: Iterable[bytes], content_type: str = f"multipart/form-data; boundary={BOUNDARY}") -> Request:
    left: Iterator[bytes] = iter(pieces)

    async def receive() -> dict[str, Any]:
        piece = next(left, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)


def read(pieces: Iterable[bytes], take: Callable[[bytes], object]) -> UploadFields:
    async def reading() -> UploadFields:
        found = UploadForm.of(request(pieces))
        content: AsyncIterator[bytes] = found.__aiter__()
        async for data in content:
            take(data)
        return found.fields()

    return anyio.run(reading)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_in_what_pieces_it_comes_makes_no_difference(size: int) -> None:
    one, other = uuid4(), uuid4()
    body = form(
        part("kind", b"minutes"),
        part("subjects", str(one).encode()),
        part("file", PDF, '; filename="x.pdf"'),
        part("subjects", str(other).encode()),
    )
    content = bytearray()
    fields = read((body[start : start + size] for start in range(0, len(body), size)), content.extend)
    assert (fields.kind, fields.subjects, bytes(content)) == ("minutes", (one, other), PDF)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        form(part("kind", b"minutes"), part("file", PDF))[:-10],
        form(part("kind", b"minutes"), part("file", PDF), part("file", PDF)),
    ],
)
def test_a_form_that_is_broken_or_has_two_files_is_refused(body: bytes) -> None:
    with pytest.raises(HTTPException) as refused:
        read([body], len)
    assert refused.value.status_code == 400


@pytest.mark.parametrize(
    "parts",
    [
        [part("kind", b"minutes")],
        [part("file", PDF)],
        [part("kind", b"Minutes of the meeting"), part("file", PDF)],
        [part("kind", b"minutes"), part("title", b"x"), part("file", PDF)],
        [part("kind", b"minutes"), part("subjects", b"x"), part("file", PDF)],
        [part("kind", b"\xff\xfe"), part("file", PDF)],
    ],
)
def test_fields_that_are_missing_unknown_or_wrong_are_named(parts: list[bytes]) -> None:
    with pytest.raises(RequestValidationError):
        read([form(*parts)], len)


def test_fields_have_a_limit_of_their_own() -> None:
    with pytest.raises(HTTPException) as refused:
        read([form(part("kind", b"x" * (LARGEST_FIELDS + 1)), part("file", PDF))], len)
    assert refused.value.status_code == 413
    with pytest.raises(HTTPException) as refused:
        read([form(*(part("subjects", b"") for _ in range(3_000)), part("file", PDF))], len)
    assert refused.value.status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "multipart/mixed; boundary=x", ""])
def test_another_content_type_is_told(kind: str) -> None:
    with pytest.raises(Refused) as refused:
        UploadForm.of(request([], kind))
    assert refused.value.rule.code == "unsupported_media"


def test_fifty_megabytes_pass_in_little_memory() -> None:
    body = form(part("kind", b"minutes"), part("file", b"@"))
    start, end = body.split(b"@")
    pieces = [start, *[bytes(64 * 1024)] * 800, end]
    seen: list[int] = []
    tracemalloc.start()
    try:
        read(pieces, lambda data: seen.append(len(data)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(seen) == 800 * 64 * 1024
    assert peak < 2 * 1024 * 1024
