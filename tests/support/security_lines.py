"""What goes to the security log while a test does something."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.chassis.ground.security_log import LOGGER, SECURITY


class _Kept(logging.Handler):
    def __init__(self, lines: list[dict[str, Any]]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(json.loads(record.getMessage()))


@contextmanager
def security_lines() -> Iterator[list[dict[str, Any]]]:
    """The lines, as they come. What tests before wrote in this minute counts no more."""
    SECURITY.sum_up()
    found: list[dict[str, Any]] = []
    before, LOGGER.handlers = LOGGER.handlers, [_Kept(found)]
    try:
        yield found
    finally:
        LOGGER.handlers = before
