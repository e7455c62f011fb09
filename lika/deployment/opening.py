"""One service apart, with its own settings: assembled, and not yet running."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime

import structlog

from lika.databases import own_database
from lika.deployment.peer_check import require_known_to, require_led_to
from lika.deployment.requirements import FORWARDS_TO, NEEDS
from lika.house import House, build, build_console, build_vault
from services.chassis.ground.provider_addresses import is_encrypted_or_here
from services.chassis.ground.settings import Settings
from services.chassis.kafka.broker import used_cluster
from services.chassis.security.peers import Peers
from services.chassis.security.service_keys import ServiceKey
from services.console.access import CONSOLE
from services.registry.vault.keys import VAULT


@contextmanager
def service_apart(
    settings: Settings, service: str, simulated_from: datetime | None = None, *, kafka: bool = False
) -> Iterator[House]:
    """Settings are complete (``require_complete``). Nothing is changed before the peers were asked and the database has proved
    to be this service's. Raises ``ExplainedError`` where it may not start."""
    if service == VAULT:
        with own_database(settings, VAULT) as conninfo:
            yield build_vault(settings, conninfo)
        return
    if service == CONSOLE:
        for silent in require_led_to(settings.peers, FORWARDS_TO, settings.peers_ca_file):
            _warn("peer_silent", silent)
        _warn_of_open_addresses(settings, FORWARDS_TO)
        yield build_console(settings)
        return
    key = ServiceKey.at(settings.service_key, service)
    with ExitStack() as stack:
        peers = stack.enter_context(Peers(key, settings.peers, settings.peers_ca_file))
        for silent in require_known_to(peers, NEEDS[service].peers):
            _warn("peer_silent", silent)
        _warn_of_open_addresses(settings, NEEDS[service].peers)
        # The topics of its peers are theirs to make: until then it reads them over HTTP.
        cluster = stack.enter_context(used_cluster(settings, [service]) if kafka else nullcontext(None))
        conninfo = stack.enter_context(own_database(settings, service))
        yield build(settings, conninfo, simulated_from, cluster, [service], peers)


def _warn_of_open_addresses(settings: Settings, names: Iterable[str]) -> None:
    """Tokens and facts that go to other machines in the clear; ``lika doctor`` says what to do."""
    for name in names:
        if not is_encrypted_or_here(settings.peers[name]):
            _warn("peer_unencrypted", name)


def _warn(event: str, peer: str) -> None:
    structlog.get_logger("lika.deployment").warning(event, peer=peer)
