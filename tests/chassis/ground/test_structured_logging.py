"""No personal value reaches a log line, whatever it is logged as."""

import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from services.chassis.ground.metrics import REGISTRY
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.web.application import service_app
from services.chassis.web.routing import DeferredRouter
from tests.support.access import public_access

NAME, NUMBER, PHONE = "张三", "52020319850101001X", 13800138000


class Lines(io.StringIO):
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything this process logs, as json; what the test run had configured is put back."""
    root, hook = logging.getLogger(), threading.excepthook
    before = root.handlers, root.level
    configured = structlog.get_config() if structlog.is_configured() else None
    written = Lines()
    configure_logging("json", written)
    yield written
    logging.captureWarnings(False)
    threading.excepthook = hook
    root.handlers, root.level = before
    structlog.reset_defaults()
    if configured is not None:
        structlog.configure(**configured)


def dropped() -> float:
    return REGISTRY.get_sample_value("lika_log_values_dropped_total") or 0


def test_known_keys_are_written(lines: Lines) -> None:
    structlog.get_logger().info("batch_consumed", service="audit", log="registry", position=123, count=7)
    line = lines.all()[0]
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("logger")
    assert line == {
        "event": "batch_consumed", "level": "info", "service": "audit", "log": "registry", "position": 123, "count": 7,
    }  # fmt: skip


def test_unknown_keys_are_dropped_and_counted(lines: Lines) -> None:
    before = dropped()
    structlog.get_logger().info("member_added", name="Zhang San", household="x", service="registry")
    assert lines.all()[0].keys() == {"event", "level", "logger", "timestamp", "service"}
    assert dropped() == before + 2


@pytest.mark.parametrize("value", [NAME, NUMBER, PHONE, {"name": "a"}, ["a", NAME], "x" * 201, "a\nb", b"x", object()])
def test_a_known_key_with_a_value_that_may_be_personal_is_dropped(lines: Lines, value: object) -> None:
    structlog.get_logger().info("odd", kind=value)
    assert "kind" not in lines.all()[0]


def test_an_event_that_was_built_from_a_value_is_not_written(lines: Lines) -> None:
    structlog.get_logger().info(f"registered {NAME}")
    assert lines.all()[0]["event"] == "unprintable_event"


def test_an_exception_is_written_by_type_and_place_and_never_by_message(lines: Lines) -> None:
    try:
        try:
            raise KeyError(NUMBER)
        except KeyError as error:
            raise ValueError(f"no such person: {NAME}") from error
    except ValueError:
        structlog.get_logger().exception("broke")
    line = lines.all()[0]
    assert line["exception"] == "ValueError < KeyError"
    assert line["stack"][-1].endswith("test_an_exception_is_written_by_type_and_place_and_never_by_message")
    assert NUMBER not in lines.getvalue()
    assert NAME not in lines.getvalue()


def test_the_console_writes_an_exception_without_its_message_too(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("console", lines)
    try:
        raise ValueError(f"no such person: {NAME}")
    except ValueError:
        structlog.get_logger().exception("broke", service="registry")
    assert "ValueError" in lines.getvalue()
    assert "test_the_console_writes_an_exception_without_its_message_too" in lines.getvalue()
    # What the standard library says of a line that could not be written would have it all.
    assert NAME not in lines.getvalue() + capsys.readouterr().err


def test_other_libraries_say_where_and_not_what(lines: Lines) -> None:
    logging.getLogger("library").warning("row %s", "Zhang San")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    logging.getLogger("uvicorn.access").info("GET /households?name=Zhang")
    logging.getLogger("httpx").info("GET /households?name=Zhang")
    warnings.warn("input_value='Zhang San'", stacklevel=1)
    library, uvicorn, warning = lines.all()
    assert (library["event"], library["logger"]) == ("library_record", "library")
    assert library["where"].startswith("test_structured_logging:")
    assert uvicorn["event"] == "Started server process [%d]"
    assert warning["logger"] == "py.warnings"
    assert "Zhang" not in lines.getvalue()


def test_a_thread_that_breaks_says_so_without_the_message(lines: Lines) -> None:
    def work() -> None:
        raise ValueError("Zhang San")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert (lines.all()[0]["event"], lines.all()[0]["exception"]) == ("thread_broke", "ValueError")
    assert "Zhang" not in lines.getvalue()


def test_a_request_is_one_line_with_its_template_and_an_incident_is_one_more(lines: Lines) -> None:
    router = DeferredRouter()

    @router.get("/people/{number}")
    async def person(number: str, name: str) -> None:
        raise RuntimeError(f"cannot read {number}")

    client = TestClient(service_app(name="sample", title="Sample", routers=[router], access=public_access(router)))
    answer = client.get(f"/people/{NUMBER}?name={NAME}")
    incident, request = lines.all()
    assert (incident["event"], incident["level"]) == ("incident", "error")
    assert incident["incident"] == answer.json()["incident"]
    assert incident["exception"] == "RuntimeError"
    assert incident["stack"][-1].endswith(" person")
    assert (request["event"], request["route"], request["status"]) == ("request", "/people/{number}", 500)
    assert request["code"] == "incident"
    assert NUMBER not in lines.getvalue()


def test_the_console_form_passes_the_same_filter(lines: Lines) -> None:
    configure_logging("console", lines)
    structlog.get_logger().info("member_added", name="Zhang San", count=1)
    assert "member_added" in lines.getvalue()
    assert "count=1" in lines.getvalue()
    assert "Zhang" not in lines.getvalue()
