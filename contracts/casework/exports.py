"""A list taken out of the system. Stream ``access-<day>-<account>`` of the service whose list it was."""

from enum import StrEnum

import msgspec

from contracts.facts import Fact, published


class ExportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class ExportFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the list was asked for. ``value``: a code, day, number or id; ``None`` of free text, which is not kept."""

    parameter: str
    value: str | None


@published("ListExported")
class ListExported(Fact, frozen=True, kw_only=True):
    """``reader``, of an office in ``area``, was given a whole list as a file: so many ``items`` of the ``operation`` (as the
    OpenAPI document names it). Personal fields are masked in lists; nothing that stood in one is kept."""

    reader: str
    area: str
    operation: str
    format: ExportFormat
    filters: tuple[ExportFilter, ...]
    items: int
