"""``python -m contracts.publish [--check]``: publish the contracts, or check that what is published holds.

Exit code 0 when all is well, 1 with one line per problem on standard error.
"""

import argparse
import sys
from pathlib import Path

from contracts.publishing.catalogue import load
from contracts.publishing.house import House, Unpublishable

HERE = Path(__file__).parent
HOUSE = House(generated=HERE / "generated", samples=HERE / "samples")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m contracts.publish", description="发布契约 · publish the contracts")
    parser.add_argument("--check", action="store_true", help="只检查，不写文件 · write nothing, only check")
    check = parser.parse_args(arguments).check
    facts = load()
    try:
        problems, written = (HOUSE.problems(facts), []) if check else ([], HOUSE.publish(facts))
    except Unpublishable as refused:
        problems, written = refused.problems, []
    for line in problems:
        print(line, file=sys.stderr)
    if problems:
        print(f"契约有 {len(problems)} 处问题 · the contracts have {len(problems)} problems", file=sys.stderr)
        return 1
    for name in written:
        print(name)
    print(f"契约无误：{len(facts)} 种事实 · contracts in order: {len(facts)} facts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
