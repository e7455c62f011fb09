"""Exports asked for and read, as a client of the lists does."""

import csv
import io
from typing import Any

import httpx
from openpyxl import load_workbook

from services.casework.exports.files import CSV
from services.casework.media_types import XLSX
from tests.support.running import ApiClient


def export(client: ApiClient, path: str, accept: str = CSV, language: str = "", **params: Any) -> httpx.Response:
    """The answer."""
    return client.get_with({"Accept": accept, "Accept-Language": language}, path, **params)


def rows_of(answer: httpx.Response) -> list[list[Any]]:
    """Head, headers, lines and the last line."""
    if answer.headers["Content-Type"] == XLSX:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return [list(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))]


def column(answer: httpx.Response, header: str) -> list[Any]:
    """What stands under a header."""
    _, headers, *lines, _ = rows_of(answer)
    place = headers.index(header)
    return [line[place] for line in lines]
