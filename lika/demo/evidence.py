"""Papers of the sample, uploaded as officials upload theirs: short texts that say they are made up."""

from collections.abc import Iterable
from typing import Any

from lika.demo.client import OfficialsClient
from lika.demo.officials import Official

NOTE = "样例材料，内容均为虚构 · A paper of the sample; everything in it is made up.\n"


async def upload(
    client: OfficialsClient, official: Official, service: str, kind: str, title: str, subjects: Iterable[str]
) -> list[dict[str, Any]]:
    """One paper about all these subjects; as a form cites it."""
    text = f"{title}\n{official.division}\n{NOTE}".encode()
    answer = await client.upload(official, f"/{service}/evidence", kind, text, sorted(subjects))
    return [answer["evidence"]]
