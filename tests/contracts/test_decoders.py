"""Threads that decode a type for the first time at the same moment do not crash the process."""

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
all_ready = threading.Barrier(3)
def decode_all():
    for name, version in tuple(PUBLISHED):
        all_ready.wait(60)
        type_decoder = decoder(name, version)
        try:
            type_decoder.decode(b'{"effective_on":"2014-01-01","entered_by":"x","evidence":[{"sha256":"a"}],"decision":{"organ":"x"}}')
        except ValueError:
            pass
threads = [threading.Thread(target=decode_all) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(PUBLISHED))
"""
"""Runs in a process of its own, which a regression would crash by an invalid memory access."""


def test_threads_that_decode_a_type_together_do_not_crash_the_process() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", RACE], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        assert int(done.stdout) > 50
