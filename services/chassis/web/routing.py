"""The operations of a slice as they are declared. Routes are made of them once, by the application that takes them in: what
FastAPI reads out of the signatures is most of a service's start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, params


@dataclass(frozen=True, slots=True)
class Operation:
    """``options``: as ``APIRouter.add_api_route`` takes them."""

    path: str
    endpoint: Callable[..., Any]
    options: dict[str, Any]


class DeferredRouter(APIRouter):
    """Declares as ``APIRouter`` does, and answers nothing itself. ``tags``, ``dependencies``, ``include_in_schema``: of every
    operation."""

    def __init__(
        self, prefix: str = "", tags: Sequence[str] = (), dependencies: Sequence[params.Depends] = (),
        include_in_schema: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(prefix=prefix, tags=list(tags), dependencies=dependencies, include_in_schema=include_in_schema)
        self.operations: list[Operation] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Note an operation; ``options`` as the decorators give them."""
        options["tags"] = [*self.tags, *(options.get("tags") or ())]
        options["dependencies"] = [*self.dependencies, *(options.get("dependencies") or ())]
        options["include_in_schema"] = self.include_in_schema and options.get("include_in_schema", True)
        self.operations.append(Operation(self.prefix + path, endpoint, options))
