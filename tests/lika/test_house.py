"""The house on its port."""

import socket
from pathlib import Path

import pytest
from starlette.routing import Router

from lika.house import House, front_page
from lika.http_server import PortTaken, Server
from services.chassis.ground.messages import ExplainedError
from services.chassis.ground.settings import Settings


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
