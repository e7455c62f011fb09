"""``lika keys``: the secrets of services that run apart, each in the folder of its service, and the public keys for all."""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from lika.deployment.requirements import NEEDS
from lika.messages import say
from services.chassis.ground.settings import Settings
from services.chassis.security.service_keys import ServiceKey, public_set
from services.chassis.security.tokens import LocalKey
from services.console.access import CONSOLE
from services.console.sealing import Seal
from services.registry.vault.keys import VAULT

PERSONS = "persons"
"""Whoever signs the tokens of persons, where there is no identity provider; no service."""
EVERYBODY = (*NEEDS, VAULT, CONSOLE, PERSONS)


def keys(
    owner: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help=f"缺省全部 / all by default: {', '.join(EVERYBODY)}"),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--folder", help="各服务数据文件夹所在 / where the services' data folders are")
    ] = Path("separate"),
    public: Annotated[
        Path | None, typer.Option("--set", help="公钥集文件 / file of public keys, by default services.jwks there")
    ] = None,
) -> None:
    """为分开运行的服务生成密钥 / Make the keys of services that run apart.

    私钥在 FOLDER/服务/keys 中，只属于该服务；公钥集交给每个服务。已有的密钥不变。
    Private ones in FOLDER/SERVICE/keys, for that service alone; the public set is for all. What is there stays.
    """
    wanted = owner or list(EVERYBODY)
    if unknown := [name for name in wanted if name not in EVERYBODY]:
        raise typer.BadParameter(say("no_such_service", service=unknown[0]).line)
    services_set = public or folder / "services.jwks"
    made: list[ServiceKey] = []
    for name in wanted:
        settings = Settings(data_dir=folder / name, service_key_file=None, index_keys=None)
        if name == PERSONS:
            _write(folder / "persons.jwks", json.dumps(asyncio.run(LocalKey.of(settings).jwks())).encode())
            continue
        if name == CONSOLE:
            Seal.of(settings)
            continue
        if name in NEEDS:
            settings.load_index_keys()
        made.append(ServiceKey.made_at(settings.service_key, name))
    if made:
        _write(services_set, public_set(made, services_set.read_bytes() if services_set.exists() else None))
    typer.echo(say("keys_made", folder=folder, services=services_set).line)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: services read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
