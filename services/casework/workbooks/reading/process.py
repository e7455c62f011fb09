"""A file read in a process of its own, with limits of memory and time; the rows come as it reads them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from services.casework.workbooks.file_rules import FILE_MEMORY, FILE_TIME, NOT_A_WORKBOOK
from services.casework.workbooks.reading.limits import Limits
from services.casework.workbooks.reading.messages import Ended, Message, Order, RefusedFile, decode, encode
from services.casework.workbooks.reading.worker import LENGTH_BYTES
from services.chassis.ground.refusals import RULES, Refused

MODULE = "services.casework.workbooks.reading.worker"

Reader = Callable[[bytes, Order], Iterator[Message]]
"""Reads a file; the last message is ``Ended``. Raises ``Refused``."""


def read_apart(content: bytes, order: Order) -> Iterator[Message]:
    """What the process says. Raises ``Refused`` when it refuses the file, or comes to its limits."""
    with _reading(order.limits) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        written = encode(order)
        with suppress(BrokenPipeError):  # what it says of the file is in its output
            child.stdin.write(len(written).to_bytes(LENGTH_BYTES) + written)
            child.stdin.write(content)
            child.stdin.close()
        while (message := _next(child.stdout)) is not None:
            if isinstance(message, RefusedFile):
                raise Refused(RULES[message.code], **message.facts)
            yield message
            if isinstance(message, Ended):
                return
        raise _refusal(child.wait(), order.limits)


def refuse_at_once(messages: Iterator[Message]) -> Iterator[Message]:
    """The messages of a reader in this process, which raise what a process of its own only says."""
    for message in messages:
        if isinstance(message, RefusedFile):
            raise Refused(RULES[message.code], **message.facts)
        yield message


@contextmanager
def _reading(limits: Limits) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a stack might show the file
        env=environment,
    )
    too_long = threading.Timer(limits.seconds, child.kill)
    too_long.daemon = True
    too_long.start()
    try:
        yield child
    finally:
        too_long.cancel()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        child.wait()


def _next(stream: IO[bytes]) -> Message | None:
    head = stream.read(LENGTH_BYTES)
    size = int.from_bytes(head)
    body = stream.read(size) if len(head) == LENGTH_BYTES else b""
    return decode(body) if body and len(body) == size else None


def _refusal(status: int, limits: Limits) -> Refused:
    """Why it ended before the file did."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Refused(FILE_TIME, limit_seconds=limits.processor_seconds)
    if status == -signal.SIGABRT or status > 0:
        return Refused(FILE_MEMORY, limit_bytes=limits.memory_bytes)
    return Refused(NOT_A_WORKBOOK)
