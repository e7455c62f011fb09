"""``lika up``: all services of one machine."""

import logging
import signal
from contextlib import ExitStack, nullcontext
from typing import Annotated

import typer
from rich.console import Console

from lika.data_folder import held_by_one_house
from lika.databases import databases
from lika.demo.client import OfficialsClient, ServiceAddresses
from lika.demo.clock import CLOCK_START
from lika.demo.officials import HATS
from lika.demo.startup_message import startup_message
from lika.demo.telling import tell_story
from lika.house import BUILDS, House, build
from lika.http_server import Server, bound, require_usable_certificate
from lika.messages import say
from lika.signals import stop_on_signals
from services.chassis.ground.security_log import open_security_log
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.kafka.broker import used_cluster
from services.chassis.security.one_time_links import PATH as SIGN_IN

console = Console(stderr=True)
INTERRUPTED = 128 + signal.SIGINT
"""Exit code of whoever was stopped before the end, as a shell has it."""


def up(
    sample: Annotated[
        bool, typer.Option("--sample", help="空库时载入样例乡 / load the sample township into an empty house")
    ] = False,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="各服务经 Kafka 互读 / services read one another through Kafka")
    ] = False,
) -> None:
    """启动全部服务 / start all services on one port, until Ctrl-C.

    数据在 LIKA_DATA_DIR 所指文件夹（缺省 ./data），停止后仍在。
    The data are in the folder LIKA_DATA_DIR (./data by default), and stay when it stops.
    """
    stop_on_signals()
    settings = Settings()
    configure_logging(settings.log_format, level=logging.getLevelNamesMapping()[settings.log_level])
    through = used_cluster(settings, tuple(BUILDS)) if kafka or settings.kafka else nullcontext(None)
    port = settings.port if port is None else port
    require_usable_certificate(settings)
    with ExitStack() as stack:
        stack.enter_context(held_by_one_house(settings.data_dir))
        listener = stack.enter_context(bound(settings.host, port))
        open_security_log(settings.security_log_file)
        cluster, conninfo = stack.enter_context(through), stack.enter_context(databases(settings))
        if cluster is not None:
            console.print(f"Kafka: {cluster.name}, {cluster.bootstrap}", highlight=False)
        house = build(settings, conninfo, CLOCK_START if sample else None, cluster)
        server = Server(house, settings.host, port, settings, settings.operations_port_beside(port), listener)
        with server as url:
            example = load_sample(url, settings) if sample else None
            links, has_provider = _sign_in_links(house, url), settings.has_provider
            told = startup_message(url, links, example, has_provider=has_provider)
            console.print(told, highlight=False, soft_wrap=True)
            console.print(say("operations_here", url=server.operations_address).line, highlight=False, soft_wrap=True)
            try:
                server.wait()
            except KeyboardInterrupt:
                console.print(say("stopping").line)


def load_sample(url: str, settings: Settings) -> str:
    """The number of an example household. Whoever stops it before the end is told what becomes of what was loaded."""
    try:
        return tell_story("load", url, settings)
    except KeyboardInterrupt:
        console.print(str(say("stopped_while_loading", folder=settings.data_dir)), highlight=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def _sign_in_links(house: House, url: str) -> tuple[str, str] | None:
    """Of the sample's officials, where its clock runs: one link for a browser, which signs in all of them, and one for the
    command line, as the auditor. Using one leaves the other good."""
    if not any(service.store.clock.simulated for service in house.services) or house.settings.has_provider:
        return None
    officials = OfficialsClient(ServiceAddresses(url), house.key)
    in_browser, on_command_line = [*map(officials.token, HATS)], officials.token(HATS[0])
    links = house.links.issue(*in_browser), house.links.issue(on_command_line)
    return f"{url}{SIGN_IN}/{links[0]}", f"{url}{SIGN_IN}/{links[1]}"
