"""What a connection may take before anybody knows whose it is: time, bytes and company. Real sockets on the loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from fastapi import Request

from contracts.roles import Role
from services.chassis.ground.limits import KIBIBYTE, MEBIBYTE, Limits
from services.chassis.ground.settings import Settings
from services.chassis.security.verifier import Verifier
from services.chassis.web import connections
from services.chassis.web.application import Body, service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter
from tests.chassis.web.tokens import NOW, token_of
from tests.support.access import access_of
from tests.support.eventually import eventually
from tests.support.serving import serving

PATIENCE = 10.0
UPLOADS, UPLOAD_BYTES = 40, 51 * MEBIBYTE
PIECE = bytes(256 * KIBIBYTE)


class Note(Body):
    text: str


router = DeferredRouter()


@router.post("/notes", status_code=201)
async def write_note(note: Note, actor: CurrentActor) -> dict[str, int]:
    return {"length": len(note.text)}


@router.post("/files", openapi_extra={"requestBody": {"content": {"application/octet-stream": {}}}})
async def send_file(request: Request, actor: CurrentActor) -> dict[str, int]:
    return {"size": len(await request.body())}


@router.get("/large")
async def read_large() -> str:
    return "x" * 32 * MEBIBYTE


class Server:
    """A small application behind a socket."""

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.address, self.token = address, token

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        with socket.create_connection(self.address, timeout=PATIENCE) as made:
            yield made

    def head(self, path: str, *lines: str, signed: bool = True) -> bytes:
        signature = (f"Authorization: Bearer {self.token}",) if signed else ()
        return "\r\n".join((f"POST {path} HTTP/1.1", "Host: lika", *signature, *lines, "", "")).encode()

    def ask(self, sent: bytes) -> bytes:
        """All that is answered until the server closes the connection."""
        with self.connected() as made:
            made.sendall(sent)
            return everything(made)


def everything(made: socket.socket) -> bytes:
    parts = []
    try:
        while part := made.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"")
    return b"".join(parts)


def status_and_code(answer: bytes) -> tuple[int, bool, bool]:
    """Status, whether it is a problem in both languages, and whether it says when to come back."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), b"title_en" in body, b"retry-after" in head.lower()


def is_held_open(made: socket.socket) -> bool:
    """Whether the server's side of a connection is open."""
    open_ones = psutil.Process().net_connections("tcp4")
    return any(c.raddr == made.getsockname() and c.status == "ESTABLISHED" for c in open_ones)


@contextmanager
def served(folder: Path, limits: Limits) -> Iterator[Server]:
    settings = Settings(data_dir=folder)
    verifier = Verifier.of(settings, now=lambda: NOW)
    app = service_app(
        name="small",
        title="Small",
        routers=[router],
        access=access_of(router, public=["read_large"]),
        verifier=verifier,
        limits=limits,
    )
    with pytest.MonkeyPatch.context() as often, serving(app, limits) as url:
        often.setattr(connections, "SWEEP", 0.02)
        address = urlsplit(url)
        yield Server((str(address.hostname), int(address.port or 0)), token_of(settings, Role.CADRE))


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    limits = Limits(
        header_seconds=0.1, body_seconds=0.1, body_bytes_per_second=KIBIBYTE, header_bytes=4 * KIBIBYTE
    )  # fmt: skip
    with served(tmp_path_factory.mktemp("impatient"), limits) as server:
        yield server


BODY = b'{"text": "a"}'
JSON = "Content-Type: application/json"


def test_requests_within_the_limits_are_answered_one_after_the_other(impatient: Server) -> None:
    request = impatient.head("/notes", JSON, f"Content-Length: {len(BODY)}") + BODY
    last = impatient.head("/notes", JSON, f"Content-Length: {len(BODY)}", "Connection: close") + BODY
    with impatient.connected() as made:
        made.sendall(request)
        first = made.recv(65536)
        made.sendall(request + last)  # two in one packet
        assert (first + everything(made)).count(b"HTTP/1.1 201 ") == 3


def test_whoever_sends_many_requests_before_they_are_answered_is_cut_off(impatient: Server) -> None:
    request = impatient.head("/notes", JSON, f"Content-Length: {len(BODY)}") + BODY
    last = request.replace(b"Host: lika", b"Host: lika\r\nConnection: close")
    assert (
        impatient.ask(request * connections.MOST_WAITING + last).count(b"HTTP/1.1 201 ") == 1 + connections.MOST_WAITING
    )
    with impatient.connected() as made:
        with suppress(ConnectionResetError, BrokenPipeError):
            made.sendall(request * 1000)
        eventually(lambda: not is_held_open(made))


def test_headers_that_do_not_end_in_time_are_408(impatient: Server) -> None:
    assert status_and_code(impatient.ask(b"POST /notes HTTP/1.1\r\nHost: lika\r\n")) == (408, True, False)
    assert status_and_code(impatient.ask(b"\r\n")) == (408, True, False)


def test_a_connection_that_sends_nothing_is_closed(impatient: Server) -> None:
    assert b"408" in impatient.ask(b"")


def test_a_body_that_does_not_end_in_time_is_408(impatient: Server) -> None:
    answer = impatient.ask(impatient.head("/notes", JSON, "Content-Length: 100") + BODY)
    assert status_and_code(answer) == (408, True, False)


def test_a_body_that_comes_at_the_stated_rate_has_the_time_it_needs(impatient: Server) -> None:
    body = b"x" * 10 * KIBIBYTE
    with impatient.connected() as made:
        made.sendall(impatient.head("/files", f"Content-Length: {len(body) + 1}", "Connection: close") + body)
        made.settimeout(0.4)  # ten seconds are granted for what has been sent
        with pytest.raises(TimeoutError):
            made.recv(1)
        made.settimeout(PATIENCE)
        made.sendall(b"x")
        assert everything(made).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("end", ["\r\n\r\n", ""], ids=["complete", "unfinished"])
def test_headers_that_are_too_large_are_431(impatient: Server, end: str) -> None:
    sent = f"POST /notes HTTP/1.1\r\nHost: lika\r\nX-Long: {'x' * 5000}{end}".encode()
    assert status_and_code(impatient.ask(sent)) == (431, True, False)


def test_a_trailer_is_no_way_around_it(impatient: Server) -> None:
    head = impatient.head("/notes", JSON, "Transfer-Encoding: chunked")
    answer = impatient.ask(head + b"1\r\n{\r\n0\r\nX-Long: " + b"x" * 8000)
    assert status_and_code(answer) == (431, True, False)


def test_a_reader_that_does_not_read_is_cut_off(impatient: Server) -> None:
    with impatient.connected() as made:
        made.sendall(b"GET /large HTTP/1.1\r\nHost: lika\r\n\r\n")
        eventually(lambda: is_held_open(made))
        eventually(lambda: not is_held_open(made))
        assert len(everything(made)) < 32 * MEBIBYTE


@pytest.mark.parametrize("limit", ["connections", "connections_per_address"])
def test_connections_above_the_limit_are_told_to_come_back_and_twice_as_many_are_not_taken(
    tmp_path: Path, limit: str
) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(served(tmp_path, Limits.model_validate({limit: 3})))
        request = server.head("/notes", JSON, f"Content-Length: {len(BODY)}") + BODY
        held = [stack.enter_context(server.connected()) for _ in range(6)]
        for made in held[:3]:
            made.sendall(request)
            assert made.recv(65536).startswith(b"HTTP/1.1 201 ")
        held[3].sendall(request)
        assert status_and_code(everything(held[3])) == (503, True, True)
        stack.enter_context(server.connected())
        assert everything(stack.enter_context(server.connected())) == b""
        for made in held:
            made.close()
        last = request.replace(b"Host: lika", b"Host: lika\r\nConnection: close")
        eventually(lambda: server.ask(last).startswith(b"HTTP/1.1 201 "))


def test_forty_unfinished_uploads_without_a_token_keep_no_memory(tmp_path: Path) -> None:
    process = psutil.Process()
    answers: list[bytes] = []

    def upload(made: socket.socket, head: bytes) -> None:
        made.sendall(head)
        try:
            for _ in range((UPLOAD_BYTES - 1) // len(PIECE)):
                made.sendall(PIECE)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever was refused is not listened to for ever
        answers.append(everything(made))

    with ExitStack() as stack:
        server = stack.enter_context(served(tmp_path, Limits()))
        head = server.head("/files", f"Content-Length: {UPLOAD_BYTES}", signed=False)
        held = [stack.enter_context(server.connected()) for _ in range(UPLOADS)]
        before = most = process.memory_info().rss
        senders = [threading.Thread(target=upload, args=(made, head)) for made in held]
        for sender in senders:
            sender.start()
        for sender in senders:
            while sender.is_alive():
                sender.join(0.01)
                most = max(most, process.memory_info().rss)
    assert len(answers) == UPLOADS
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 401 "}
    assert most - before < 40 * MEBIBYTE
