"""``python -m services.console.build [--check]``: build the pages into ``built/``, or check that what is committed there is their
build.

The check compares digests with Python alone. Where a Node is at hand that builds, it also lints, checks types, runs the pages'
own tests, builds anew and compares byte by byte. Exit code 0 when all is well, 1 with one line per problem on standard error.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from services.console.build_record import WEB, differences, problems, record
from services.console.built_files import FOLDER
from services.console.web_tools import RegistryAway, StepFailed, WebTools

NO_NODE = "需要 Node 20.19 或 22.12 以上和 npm · this needs Node 20.19, or 22.12 and newer, with npm"
DIGESTS_ALONE = "没有检查也没有重建页面，只比对了摘要：{0} · pages were neither examined nor rebuilt, digests alone were compared: {1}"
NODE_AWAY = ("没有 Node 20.19 或 22.12 以上", "no Node 20.19, or 22.12 and newer")
REGISTRY_AWAY = ("npm 取不到依赖包（{0}）", "npm cannot bring the packages ({0})")
NOT_REBUILT = "重新构建得到的文件不同：{0}；运行 make web · building anew gives other files: {0}; run make web"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.console.build", description="构建控制台页面 · build the pages of the console"
    )
    parser.add_argument("--check", action="store_true", help="只检查，不改 built/ · leave built/ alone, only check")
    if parser.parse_args(arguments).check:
        found = check(WEB, FOLDER)
    else:
        found = build(WEB, FOLDER)
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print("控制台页面无误 · the pages of the console are in order")
    return 1 if found else 0


def build(web: Path, built: Path) -> list[str]:
    """What is wrong; nothing is built then."""
    tools = WebTools.at_hand(web)
    if tools is None:
        return [NO_NODE]
    try:
        tools.install()
        _examine(tools)
        _build(tools, built)
    except RegistryAway as away:
        return [" · ".join(REGISTRY_AWAY).format(away)]
    except StepFailed as failed:
        return [str(failed)]
    record(web, built)
    return []


def check(web: Path, built: Path) -> list[str]:
    """What is wrong. A Node without a registry is like no Node: what the digests tell has to be enough."""
    found = problems(web, built)
    tools = WebTools.at_hand(web)
    if tools is None:
        print(DIGESTS_ALONE.format(*NODE_AWAY))
        return found
    try:
        tools.install()
        _examine(tools)
        if not found:
            with tempfile.TemporaryDirectory(prefix="lika-built-") as folder:
                _build(tools, Path(folder))
                if others := differences(built, Path(folder)):
                    found.append(NOT_REBUILT.format(", ".join(others)))
    except RegistryAway as away:
        print(DIGESTS_ALONE.format(*REGISTRY_AWAY).format(away))
    except StepFailed as failed:
        found.append(str(failed))
    return found


def _examine(tools: WebTools) -> None:
    tools.step("types", "node", "types.mjs")
    tools.step("eslint", "npx", "--no", "eslint", ".", "--max-warnings", "0")
    tools.step("vue-tsc", "npx", "--no", "vue-tsc", "--noEmit")
    tools.step("vitest", "npx", "--no", "vitest", "run")


def _build(tools: WebTools, into: Path) -> None:
    tools.step("vite build", "npx", "--no", "vite", "build", "--outDir", str(into), "--logLevel", "warn")


if __name__ == "__main__":
    sys.exit(main())
