"""The multipart form of an upload, read as it streams: the framework's own reader would write the file to disk in plain."""

from collections.abc import AsyncIterator
from typing import Any, Self
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

from services.chassis.ground.refusals import Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.evidence_forms import EvidenceKind
from services.chassis.web.payloads import Body
from services.chassis.web.problems import UNSUPPORTED_MEDIA

FILE = "file"
MOST_SUBJECTS = 2_000
LARGEST_FIELDS = 256 * 1024
"""Bytes of all fields but the file."""
MOST_PARTS = MOST_SUBJECTS + 10

OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", FILE],
                    "properties": {
                        "kind": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
                        "subjects": {"type": "array", "items": {"type": "string", "format": "uuid"}},
                        FILE: {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


class UploadFields(Body):
    """``subjects``: ids of the households, persons, cases … that the file concerns."""

    kind: EvidenceKind
    subjects: tuple[UUID, ...] = Field(default=(), max_length=MOST_SUBJECTS)


class UploadForm:
    """Iterated over, it gives the file's bytes; after that it has the ``fields``."""

    def __init__(self, request: Request, boundary: bytes) -> None:
        self._request = request
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_part_data": self._take,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )
        self._header_name, self._header_value = bytearray(), bytearray()
        self._part = ""
        self._parts = self._field_bytes = 0
        self._value = bytearray()
        self._values: dict[str, list[str]] = {}
        self._file: list[bytes] = []
        self._has_file = self._whole = False

    @classmethod
    def of(cls, request: Request) -> Self:
        """Raises ``Refused`` for another content type than multipart."""
        kind, options = parse_options_header(request.headers.get("content-type"))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary or len(boundary) > 256:
            raise Refused(UNSUPPORTED_MEDIA)
        return cls(request, boundary)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._request.stream():
                self._parser.write(chunk)
                for data in self._file:
                    yield data
                self._file.clear()
        except MultipartParseError as error:
            raise HTTPException(400) from error
        if not self._whole:
            raise HTTPException(400)

    def fields(self) -> UploadFields:
        """Raises ``RequestValidationError`` when a field is missing, unknown or wrong, or no file was sent."""
        if not self._has_file:
            raise RequestValidationError([{"type": "missing", "loc": ("body", FILE), "msg": "", "input": None}])
        values: dict[str, Any] = {name: sent[-1] for name, sent in self._values.items()}
        if "subjects" in values:
            values["subjects"] = self._values["subjects"]
        try:
            fields = UploadFields.model_validate(values)
        except ValidationError as error:
            raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from None
        return fields

    def _begin_part(self) -> None:
        self._parts += 1
        self._part = ""
        if self._parts > MOST_PARTS:
            raise HTTPException(413)

    def _end_header(self) -> None:
        if bytes(self._header_name).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._header_value))
            self._part = options.get(b"name", b"").decode("utf-8", "replace")
        self._header_name.clear()
        self._header_value.clear()

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._part == FILE:
            self._file.append(data[start:end])
            return
        self._field_bytes += end - start
        if self._field_bytes > LARGEST_FIELDS:
            raise HTTPException(413)
        self._value += data[start:end]

    def _end_part(self) -> None:
        if self._part != FILE:
            self._values.setdefault(self._part, []).append(self._value.decode("utf-8", "replace"))
        elif self._has_file:
            raise HTTPException(400)  # a second one
        else:
            self._has_file = True
        self._value.clear()

    def _end(self) -> None:
        self._whole = True
