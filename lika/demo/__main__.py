"""``python -m lika.demo load|tell URL KEY_FILE``: the story as a process of its own, as its officials would be."""

import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console

from lika.demo.officials import Officials, StoryBroken
from lika.demo.story import Story
from services.chassis.security.tokens import LocalKey


def main(what: str, url: str, key_file: str) -> int:
    """0 when the story was told to its end. On standard output: of ``tell`` one JSON object, of ``load`` the id of an
    example household."""
    console = Console(stderr=True)
    story = Story(Officials(url, LocalKey.at(Path(key_file))), console)
    try:
        if what == "load":
            sys.stdout.write(asyncio.run(story.load()) or "")
        else:
            json.dump(asyncio.run(story.tell()), sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
    except StoryBroken as broken:
        console.print(f"样例载入中断 / the sample broke off: {broken}", style="red", highlight=False)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
