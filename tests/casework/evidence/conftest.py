"""Fixtures of the evidence tests."""

from collections.abc import Iterator

import pytest

from tests.support.s3 import S3Server, s3_server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    """A real S3 server."""
    with s3_server() as running:
        yield running
