"""``lika serve``: one service as a process of its own, on its own port and database, with its own account and secrets."""

import logging
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from lika.data_folder import held_by_one_house
from lika.demo.clock import CLOCK_START
from lika.deployment.opening import service_apart
from lika.deployment.requirements import NEEDS, STARTED_APART, require_complete
from lika.http_server import Server, bound, require_usable_certificate
from lika.messages import say
from lika.signals import stop_on_signals
from services.chassis.ground.security_log import open_security_log
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging

Name = StrEnum("Name", {name: name for name in STARTED_APART})  # type: ignore[misc]
console = Console(stderr=True)


def serve(
    service: Annotated[Name, typer.Argument(metavar="SERVICE", help=f"服务 / one of {', '.join(STARTED_APART)}")],
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="经 Kafka 读取其他服务 / read the others through Kafka")
    ] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="空日志用样例乡的时钟 / an empty log takes the sample's clock")
    ] = False,
) -> None:
    """单独启动一个服务 / Start one service as a process of its own.

    运行至按 Ctrl-C 为止。It stays up until Ctrl-C.

    端口、数据库账户、密钥和其他服务的地址见 deploy/separate/README.md。
    deploy/separate/README.md says which settings it needs: port, database account, keys, addresses of its peers.
    """
    stop_on_signals()
    settings = Settings()
    configure_logging(settings.log_format, level=logging.getLevelNamesMapping()[settings.log_level])
    started_from, through_kafka = CLOCK_START if sample else None, (kafka or settings.kafka) and service in NEEDS
    require_complete(settings, service, kafka=through_kafka)
    port = settings.port if port is None else port
    require_usable_certificate(settings)
    with ExitStack() as stack:
        stack.enter_context(held_by_one_house(settings.data_dir))
        # That the port is taken, or nothing can be put on record, is found out before the database is changed.
        listener = stack.enter_context(bound(settings.host, port))
        open_security_log(settings.security_log_file)
        house = stack.enter_context(service_apart(settings, service, started_from, kafka=through_kafka))
        operations_port = settings.operations_port_beside(port)
        server = Server(house, settings.host, port, settings, operations_port, listener)
        with server as url:
            console.print(say("service_started", service=service.value, url=url).line, highlight=False, soft_wrap=True)
            console.print(say("operations_here", url=server.operations_address).line, highlight=False, soft_wrap=True)
            try:
                server.wait()
            except KeyboardInterrupt:
                console.print(say("stopping").line)
