"""A program that a script puts in the background ends when it is asked to."""

import signal
import subprocess
import sys

import pytest

ENDED = "ended"
PROGRAM = f"""
import signal
from lika.signals import stop_on_signals
stop_on_signals()
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("{ENDED}", flush=True)
"""


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_started_with_sigint_ignored_as_by_a_script_it_ends_all_the_same(asked: signal.Signals) -> None:
    # A shell without job control starts ``program &`` with SIGINT ignored.
    script = f"trap '' INT; exec {sys.executable} -c '{PROGRAM}'"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        program.send_signal(asked)
        try:
            told, _ = program.communicate(timeout=10)
        finally:
            program.kill()
    assert (told, program.returncode) == (f"{ENDED}\n", 0)
