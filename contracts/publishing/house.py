"""Where published files lie, and the two things done with them: publish, and check that nothing is amiss."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from contracts.publishing.catalogue import Catalogue, file_name
from contracts.publishing.channels import asyncapi
from contracts.publishing.compatibility import incompatibilities
from contracts.publishing.samples import sample_of, unreadable
from contracts.publishing.schemas import rendered, schema_of
from contracts.publishing.shape import misshapen

SCHEMAS = "schemas"


@dataclass(frozen=True, slots=True)
class House:
    """``generated`` is written again whenever facts change; files in ``samples`` are written once and kept for ever."""

    generated: Path
    samples: Path

    def publish(self, facts: Catalogue) -> list[str]:
        """Write what is new or changed and name it. Raises ``Unpublishable``, having written nothing."""
        if wrong := [*misshapen(facts)] or [*self._broken_promises(facts)]:
            raise Unpublishable(wrong)
        written = [path for path, made in self._documents(facts).items() if _write(path, made)]
        for key, kind in facts.items():
            path = self.samples / file_name(*key)
            if not path.exists() and _write(path, sample_of(kind)):
                written.append(path)
        if wrong := [*unreadable(self.samples)]:
            raise Unpublishable(wrong)
        return [f"{path.parent.name}/{path.name}" for path in written]

    def problems(self, facts: Catalogue) -> list[str]:
        """Everything that is amiss; empty when what is published is well-formed, compatible, readable and current."""
        if wrong := [*misshapen(facts)] or [*self._broken_promises(facts)]:
            return wrong
        return [*unreadable(self.samples), *self._stale(facts)]

    def _documents(self, facts: Catalogue) -> dict[Path, bytes]:
        documents = {self._schema_path(key): rendered(schema_of(kind)) for key, kind in facts.items()}
        documents[self.generated / "asyncapi.json"] = rendered(asyncapi(facts, SCHEMAS))
        return documents

    def _schema_path(self, key: tuple[str, int]) -> Path:
        return self.generated / SCHEMAS / file_name(*key)

    def _broken_promises(self, facts: Catalogue) -> Iterator[str]:
        expected = {self._schema_path(key): kind for key, kind in facts.items()}
        for path in sorted((self.generated / SCHEMAS).glob("*.json")):
            if path not in expected:
                yield f"{path.name}: no longer published; facts are kept for ever"
                continue
            before = msgspec.json.decode(path.read_bytes())
            for what in incompatibilities(before, schema_of(expected[path])):
                yield f"{path.stem} {what}; publish a new version"

    def _stale(self, facts: Catalogue) -> Iterator[str]:
        for path, made in self._documents(facts).items():
            if not path.exists() or path.read_bytes() != made:
                yield f"{path.name}: not current; run `make contracts`"
        for key in facts:
            if not (self.samples / file_name(*key)).exists():
                yield f"{file_name(*key)}: has no sample; run `make contracts`"


class Unpublishable(Exception):
    """Facts cannot be published as they stand; ``problems`` says why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _write(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True
