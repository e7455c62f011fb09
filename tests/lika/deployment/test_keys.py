"""``lika keys``: each service's secrets for itself alone, and what is public for all."""

import json
from pathlib import Path

from typer.testing import CliRunner

from lika.cli import program
from services.chassis.security.service_keys import ServiceKey


def run(*words: str) -> str:
    done = CliRunner().invoke(program(["keys"]), ["keys", *words], env={"LIKA_SERVICE_KEY_FILE": "elsewhere"})
    assert done.exit_code == 0, done.output
    return done.output


def kids(path: Path) -> list[str]:
    return [key["kid"] for key in json.loads(path.read_bytes())["keys"]]


def test_each_gets_a_folder_of_its_own_and_all_get_the_public_ones(tmp_path: Path) -> None:
    folder = tmp_path / "separate"
    run("--folder", str(folder))
    names = ("registry", "assistance", "monitoring", "audit", "vault")
    assert kids(folder / "services.jwks") == list(names)
    secrets = {path.relative_to(folder).as_posix(): path for path in folder.glob("*/keys/*")}
    assert secrets.keys() == {
        *(f"{name}/keys/service.jwk" for name in names),
        *(f"{name}/keys/index-1.key" for name in names if name != "vault"),
        "persons/keys/token-signing.jwk",
        "console/keys/console.key",
    }
    assert {path.stat().st_mode & 0o777 for path in secrets.values()} == {0o600}
    public = (folder / "services.jwks").read_text() + (folder / "persons.jwks").read_text()
    assert '"d"' not in public
    assert len({path.read_bytes() for path in secrets.values()}) == len(secrets)


def test_what_is_there_stays_and_a_set_that_goes_from_machine_to_machine_grows(tmp_path: Path) -> None:
    shared = tmp_path / "services.jwks"
    for machine, name in (("a", "registry"), ("b", "audit"), ("b", "audit")):
        run(name, "--folder", str(tmp_path / machine), "--set", str(shared))
    assert kids(shared) == ["registry", "audit"]
    key = tmp_path / "b" / "audit" / "keys" / "service.jwk"
    former = ServiceKey.at(key, "audit")
    key.unlink()  # it is replaced: until the former one is taken out of the set, both are good
    run("audit", "--folder", str(tmp_path / "b"), "--set", str(shared))
    assert kids(shared) == ["registry", "audit", "audit"]
    assert ServiceKey.at(key, "audit").key.as_dict() != former.key.as_dict()
