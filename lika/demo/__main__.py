"""``python -m lika.demo load|report|monitoring ADDRESSES KEY_FILE``: loads the sample over HTTP, in a process of its own."""

import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console

from lika.demo.client import OfficialsClient, RequestRefused, ServiceAddresses
from lika.demo.loader import SampleLoader
from lika.demo.messages import say
from services.chassis.security.tokens import LocalKey


def main(command: str, addresses: str, key_file: str) -> int:
    """Exit code 0 when the sample was loaded to its end. On standard output: of ``report`` and ``monitoring`` one JSON object, of ``load``
    the id of an example household."""
    console = Console(stderr=True)
    loader = SampleLoader(OfficialsClient(ServiceAddresses(addresses), LocalKey.at(Path(key_file))), console)
    try:
        if command == "load":
            sys.stdout.write(asyncio.run(loader.load()) or "")
        else:
            told = loader.report_monitoring() if command == "monitoring" else loader.report()
            json.dump(asyncio.run(told), sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
    except RequestRefused as refusal:
        console.print(f"{say('load_interrupted').line}: {refusal}", style="red", highlight=False)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
