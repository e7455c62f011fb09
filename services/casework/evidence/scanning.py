"""The malware hook: a command that an operator names gets the content on standard input; zero lets it pass."""

import contextlib
import subprocess
import threading
from collections.abc import Iterable, Sequence

import structlog

from services.casework.evidence.domain import REFUSED_BY_SCANNER, SCANNER_AWAY
from services.chassis.ground.refusals import Refused, Unavailable

log = structlog.get_logger("lika.evidence")


def scan(command: Sequence[str], content: Iterable[bytes], seconds: float) -> None:
    """Raises ``Refused`` for every exit but zero, and ``Unavailable`` where the command cannot be started or has not ended
    in time: what was not looked at is not let in."""
    try:
        scanner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        log.error("scanner_does_not_start", error_type=type(error).__name__)
        raise Unavailable(SCANNER_AWAY, retry_after=60) from error
    late = threading.Event()

    def end() -> None:
        late.set()
        scanner.kill()

    limit = threading.Timer(seconds, end)
    limit.daemon = True
    limit.start()
    try:
        assert scanner.stdin is not None
        # It may have seen enough before the end.
        with contextlib.suppress(BrokenPipeError), scanner.stdin as pipe:
            for chunk in content:
                pipe.write(chunk)
        code = scanner.wait()
    finally:
        limit.cancel()
        scanner.kill()
        scanner.wait()
    if late.is_set():
        log.error("scanner_too_slow", seconds=seconds)
        raise Unavailable(SCANNER_AWAY, retry_after=60)
    if code != 0:
        raise Refused(REFUSED_BY_SCANNER)
