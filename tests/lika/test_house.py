"""The house on its port."""

import socket
from pathlib import Path

import pytest
from starlette.routing import Router
from starlette.testclient import TestClient

from lika.house import INDEX_ROW, House, front_page, index_router
from lika.http_server import PortTaken, Server
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings
from services.chassis.security.access_table import AccessTable
from services.chassis.web.access_rows import DOCUMENTATION_ROWS
from services.chassis.web.application import service_app


def test_a_port_that_somebody_else_listens_on_is_told_in_both_languages(tmp_path: Path) -> None:
    house = House(Router(), (), Settings(data_dir=tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken) as taken, Server(house, "127.0.0.1", other.getsockname()[1]):
            pass
    assert isinstance(taken.value, ExplainedError)
    assert str(taken.value).startswith("无法监听该端口")
    assert "--port" in taken.value.message.en


def test_the_front_page_says_what_this_is_and_leads_to_each_service() -> None:
    page = front_page(["registry", "audit"])
    assert "任何一户的历史" in page
    assert "Any household's history" in page
    assert '<a href="/audit/docs">' in page


def test_the_front_page_of_a_service_apart_may_have_a_style_and_nothing_else() -> None:
    answer = TestClient(service_app(
        name="house", title="house", routers=[index_router(front_page(["audit"]))],
        access=AccessTable(*DOCUMENTATION_ROWS, INDEX_ROW),
    )).get("/")  # fmt: skip
    policy = answer.headers["content-security-policy"]
    assert ("style-src 'unsafe-inline'" in policy, "script-src" in policy) == (True, False)
