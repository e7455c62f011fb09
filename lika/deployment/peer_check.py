"""Before a service starts, its peers are asked once whether they know it. Who is away is no reason not to start: who says no
is."""

import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx

from lika.messages import say
from services.chassis.ground.messages import ExplainedError, Message
from services.chassis.kafka.cluster import EXPIRED, NOT_YET_VALID, OTHER_ADDRESS, OTHER_NAME
from services.chassis.security.peers import Peers
from services.registry.vault.keys import VAULT

ASKED = {VAULT: "/destructions"}
"""What is asked instead of ``/access``, which every service with a log answers to whoever it knows. It lacks a parameter: only
who asks is of interest."""
SECONDS = 2.0
UNKNOWN, ELSEWHERE = 401, 404
"""Statuses of who does not know this service, and of who is not the peer."""


class PeersRefuse(ExplainedError):
    """Another service does not accept this one's key, or is not where the address leads."""


def require_known_to(peers: Peers, names: Iterable[str]) -> list[str]:
    """The peers that did not answer. Raises ``PeersRefuse``."""
    return _require({name: (peers.client(name), ASKED.get(name, "/access")) for name in names})


def require_led_to(addresses: Mapping[str, str], names: Iterable[str], ca_file: Path | None) -> list[str]:
    """The same for who asks for others and is no service itself: only where the addresses lead is of interest. Raises
    ``PeersRefuse``."""
    verify = ssl.create_default_context(cafile=ca_file)
    with ExitStack() as stack:
        clients = {
            name: stack.enter_context(
                httpx.Client(base_url=f"{addresses[name]}/{name}", verify=verify, trust_env=False)
            )
            for name in names
        }
        return _require({name: (client, "/health/live") for name, client in clients.items()})


def _require(wanted: Mapping[str, tuple[httpx.Client, str]]) -> list[str]:
    with ThreadPoolExecutor(max(1, len(wanted))) as threads:
        answers = dict(zip(wanted, threads.map(lambda each: _ask(*each), wanted.values()), strict=True))
    refusals = []
    for name, answer in answers.items():
        figures = {"peer": name, "address": str(wanted[name][0].base_url)}
        if isinstance(answer, httpx.Response) and answer.status_code == UNKNOWN:
            refusals.append(say("peer_refuses", reason=_reason(answer), **figures))
        elif isinstance(answer, httpx.Response) and answer.status_code == ELSEWHERE:
            refusals.append(say("peer_elsewhere", reason=_reason(answer), **figures))
        elif isinstance(answer, ssl.SSLCertVerificationError):
            refusals.append(_certificate_refused(answer, figures))
    if refusals:
        raise PeersRefuse(say("peers_refuse", refusals=refusals))
    return [name for name, answer in answers.items() if isinstance(answer, httpx.Response | None) and _is_away(answer)]


def _ask(client: httpx.Client, path: str) -> httpx.Response | ssl.SSLCertVerificationError | None:
    """What a peer said, or what is wrong with its certificate; else it is silent."""
    try:
        return client.get(path, timeout=SECONDS)
    except httpx.HTTPError as silent:
        error: BaseException | None = silent
        while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
            error = error.__cause__ or error.__context__
        return error


def _is_away(answer: httpx.Response | None) -> bool:
    return answer is None or answer.is_server_error


def _certificate_refused(wrong: ssl.SSLCertVerificationError, figures: Mapping[str, str]) -> Message:
    if wrong.verify_code in (EXPIRED, NOT_YET_VALID):
        return say("peer_certificate_expired", **figures)
    if wrong.verify_code in (OTHER_NAME, OTHER_ADDRESS):
        return say("peer_certificate_of_another", **figures)
    return say("peer_certificate_unknown", **figures)


def _reason(answer: httpx.Response) -> Message:
    """In the peer's own words, where they are Lika's."""
    try:
        problem = answer.json()
        return Message(problem["code"], problem["title"], problem["title_en"])
    except (ValueError, KeyError, TypeError):
        return Message("status", f"HTTP {answer.status_code}", f"HTTP {answer.status_code}")
