"""Log lines without personal data: known keys with harmless values only, and exceptions without their message."""

import logging
import re
import sys
import threading
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.ground.metrics import log_values_dropped

SAFE_KEYS = frozenset(
    [
        *("event", "level", "logger", "timestamp", "where", "exception", "error_type", "stack", "incident"),
        *("service", "route", "method", "status", "duration_ms", "code", "part"),
        *("log", "position", "from_position", "to_position", "lag", "count", "kind", "type", "version"),
        *("consumer", "reaction", "timer", "task", "attempt", "size", "seconds", "migration", "table", "port"),
        "peer",
    ]
)
"""What a line may carry. Add a key only when no value of it can name or describe a person."""

TRUSTED = frozenset({"uvicorn", "uvicorn.error"})
"""Libraries whose message templates are theirs alone; of any other only the place is written."""

DEEPEST = 40
LONGEST = 200
_ID_LIKE = re.compile(r"\d{10}")
"""Ten digits in a row: a phone, account or resident number, and no figure of ours."""

UVICORN: dict[str, Any] = {"log_config": None, "access_log": False}
"""Options for ``uvicorn.run``: its own access lines would print paths and queries."""


class _Stderr:
    """Whatever standard error is at the moment: command runners and tests exchange it."""

    def write(self, text: str) -> object:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logging(log_format: str, stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send every log line of the process from ``level`` up through the filter to ``stream`` (standard error);
    ``json`` or ``console``."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_message,
    ]
    render: list[Processor] = (
        [structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [_one_place_a_line, structlog.dev.ConsoleRenderer(colors=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, redact_library_records],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, drop_unsafe_values, *render],
    )
    handler: logging.Handler = logging.StreamHandler(stream or _Stderr())
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = name != "uvicorn.access"
    for name in ("httpx", "httpcore"):  # one line per call, with the URL
        logging.getLogger(name).setLevel(logging.WARNING)
    # Warnings may quote values (pydantic does); as log lines they pass the filter.
    logging.captureWarnings(True)
    threading.excepthook = _thread_broke
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def drop_unsafe_values(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Drop and count what is not known to be safe."""
    kept: EventDict = {}
    for key, value in line.items():
        if key in SAFE_KEYS and _harmless(value):
            kept[key] = value
        else:
            log_values_dropped.inc()
    kept.setdefault("event", "unprintable_event")
    return kept


def _harmless(value: object) -> bool:
    if value is None or isinstance(value, bool | float):
        return True
    if isinstance(value, int):
        return abs(value) < 10**9
    if isinstance(value, str):
        return len(value) <= LONGEST and value.isascii() and value.isprintable() and not _ID_LIKE.search(value)
    return isinstance(value, list) and all(_harmless(each) for each in value)


def exception_without_message(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """``exc_info`` becomes the exception's types and its stack; messages may quote a payload and are left out."""
    found = line.pop("exc_info", None)
    if isinstance(found, tuple):
        error = found[1]
    elif isinstance(found, BaseException):
        error = found
    else:
        error = sys.exc_info()[1] if found else None
    if error is not None:
        line["exception"] = " < ".join(_causes(error))[:LONGEST]
        line["stack"] = _stack(error)
    return line


def _causes(error: BaseException | None) -> list[str]:
    names: list[str] = []
    while error is not None and len(names) < 5:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return names


def _stack(error: BaseException) -> list[str]:
    frames = traceback.walk_tb(error.__traceback__)
    places = [f"{f.f_globals.get('__name__', '?')}:{line} {f.f_code.co_name}" for f, line in frames]
    return places[-DEEPEST:]


def _one_place_a_line(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    # The console takes a stack as text. A renderer that fails is worse than it looks: the standard library then prints
    # the whole traceback, message and all.
    if isinstance(line.get("stack"), list):
        line["stack"] = "\n".join(line["stack"])
    return line


def redact_library_records(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Of another library's record: the template when it is trusted, and the place; never the filled-in message."""
    record: logging.LogRecord = line["_record"]
    line["event"] = str(record.msg).strip() if record.name in TRUSTED else "library_record"
    line["where"] = f"{record.module}:{record.lineno}"
    return line


def _thread_broke(broken: Any) -> None:
    if broken.exc_type is not SystemExit:
        structlog.get_logger().error("thread_broke", exc_info=broken.exc_value)
