"""Threads that meet a type for the first time, all at once, read it and break nothing down."""

import subprocess
import sys

RACE = """
import pkgutil, sys, threading
import contracts
for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
    if not module.name.startswith(("contracts.publish",)):
        __import__(module.name)
from contracts.canonical import decoder
from contracts.facts import PUBLISHED
sys.setswitchinterval(1e-6)
together = threading.Barrier(3)
def meet():
    for name, version in tuple(PUBLISHED):
        together.wait(60)
        made = decoder(name, version)
        try:
            made.decode(b'{"effective_on":"2014-01-01","entered_by":"x","evidence":[{"sha256":"a"}],"decision":{"organ":"x"}}')
        except ValueError:
            pass
threads = [threading.Thread(target=meet) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(PUBLISHED))
"""
"""In a process of its own: what it is about is a broken memory access of that process."""


def test_threads_that_meet_a_type_together_do_not_break_the_process_down() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", RACE], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        assert int(done.stdout) > 50
