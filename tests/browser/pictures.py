"""``python -m tests.browser.pictures [--check]``: the README's pictures of the console on the sample, taken by a real browser into
``docs/pictures``.

They are current as long as the pages' sources and the sample are those they were taken of: digests are compared, never pixels.
Exit code 0 when all is well, 1 with one line per problem on standard error.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext

import lika
from lika.demo.officials import AUDITOR, TOWNSHIP_REVIEWER, Official, village_cadre
from services.console.build_record import sources_digest
from services.console.cookies import PATH
from tests.browser.conftest import PHONE, WIDE, SampleHouse
from tests.support.chromium import chromium
from tests.support.sample import run_name, shared_house

ROOT = Path(lika.__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
RECORD = "PICTURES.json"
SAMPLE = ("demo", "fiction")
LARGEST = 200_000
"""Bytes."""

MISSING = "没有 {0}：运行 make pictures · there is no {0}: run make pictures"
OUTDATED = "{0} 在截图之后有改动：运行 make pictures · {0} changed after the pictures were taken: run make pictures"
CHANGED = "{0} 不是截得的那一份：运行 make pictures · {0} is not what was taken: run make pictures"
TOO_LARGE = "{0} 超过 {1} 字节 · {0} has more than {1} bytes"
NOT_SHOWN = "README 没有放 {0} · the README does not show {0}"


@dataclass(frozen=True)
class Picture:
    """``path``: in the console, found in the sample."""

    name: str
    official: Official
    path: str | Callable[[SampleHouse, BrowserContext], str]
    size: tuple[int, int] = WIDE


def who_fell_back(house: SampleHouse, context: BrowserContext) -> str:
    """The household with the longest history, as it was known a year before."""
    asked = f"{house.url}{PATH}/api/registry/households?status=returned&limit=1"
    listed = context.request.get(asked, headers={"Lika-Account": AUDITOR.subject}).json()
    return f"/households/{listed['items'][0]['household_id']}"


PICTURES = (
    Picture("inbox.png", TOWNSHIP_REVIEWER, "/"),
    Picture("household.png", AUDITOR, who_fell_back),
    Picture("statement.png", AUDITOR, "/statement?division=990001101&from=2014&to=2017"),
    Picture("inbox-phone.png", village_cadre("990001101201"), "/", PHONE),
)


def take(folder: Path) -> list[str]:
    """What is wrong with what was taken."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with shared_house(run_name()) as (url, link, data), chromium() as browser:
        house = SampleHouse(url, link, data)
        for picture in PICTURES:
            width, height = picture.size
            with browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
            ) as context:
                house.sign_in(context, picture.official)
                page = context.new_page()
                house.open(page, picture.path if isinstance(picture.path, str) else picture.path(house, context))
                # The navigation asks last what this hat may read.
                page.get_by_role("link", name="农户", exact=True).first.wait_for()
                page.screenshot(path=folder / picture.name)
    taken = {picture.name: _digest_of_file(folder / picture.name) for picture in PICTURES}
    content = {**_digests(), "pictures": taken}
    (folder / RECORD).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return problems(folder)


def problems(folder: Path) -> list[str]:
    if not (folder / RECORD).exists():
        return [MISSING.format(RECORD)]
    record = json.loads((folder / RECORD).read_text("utf-8"))
    found = [OUTDATED.format(what) for what, digest in _digests().items() if record[what] != digest]
    readme = (ROOT / "README.md").read_text("utf-8")
    for picture in PICTURES:
        path = folder / picture.name
        if not path.exists():
            found.append(MISSING.format(picture.name))
        elif _digest_of_file(path) != record["pictures"].get(picture.name):
            found.append(CHANGED.format(picture.name))
        elif path.stat().st_size > LARGEST:
            found.append(TOO_LARGE.format(picture.name, LARGEST))
        if f"docs/pictures/{picture.name}" not in readme:
            found.append(NOT_SHOWN.format(picture.name))
    return found


def _digests() -> dict[str, str]:
    """Of what the pictures show: the pages, and the sample's people and story."""
    sample = hashlib.sha256()
    for path in sorted(path for name in SAMPLE for path in (ROOT / "lika" / name).glob("*.*") if path.is_file()):
        sample.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return {"pages": sources_digest(), "sample": sample.hexdigest()}


def _digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.pictures", description="README 的截图 · its pictures"
    )
    parser.add_argument("--check", action="store_true", help="只检查 · only check")
    found = problems(FOLDER) if parser.parse_args(arguments).check else take(FOLDER)
    for line in found:
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
