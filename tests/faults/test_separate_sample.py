"""The sample told through five processes comes out as it does in one, over HTTP alone and through Kafka: no figure and no line of
the history depends on how the services run."""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.kafka import own_kafka
from tests.support.separate import SAMPLE, separate

BY_CHANCE = frozenset({"id", "sha256", "act", "batch", "digest", "position", "recorded_at"})
"""Of a history: ids of papers and of batches, the digests of what they were sealed to and of all of it, and in which order facts of
one instant came."""


def comparable(told: Any) -> Any:
    """Without what no two runs have in common; instants by the second."""
    if isinstance(told, dict):
        return {
            name: value[:19] if name == "recorded_at" else comparable(value)
            for name, value in told.items()
            if name == "recorded_at" or name not in BY_CHANCE
        }
    if isinstance(told, list):
        return [comparable(each) for each in told]
    return told


@pytest.fixture(scope="module")
def in_one_process() -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "lika.cli", "demo", "--json"], stdout=subprocess.PIPE, text=True, check=True
    )
    return comparable(json.loads(ran.stdout))


@pytest.mark.parametrize("through_kafka", [False, True], ids=["http", "kafka"])
def test_the_sample_comes_out_the_same(through_kafka: bool, in_one_process: Any) -> None:
    with ExitStack() as stack:
        options, variables = "--sample", ""
        if through_kafka:
            options = "--sample --kafka"
            variables = f"KAFKA_BOOTSTRAP_SERVERS={stack.enter_context(own_kafka()).start().cluster.bootstrap}"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lika-sep-")))
        folder.chmod(0o711)  # the databases' own account passes through
        services = stack.enter_context(separate(folder, options=options, variables=variables))
        told = services.run(SAMPLE.replace("lika demo", "lika demo --json"))
    assert comparable(json.loads(told)) == in_one_process
