"""The short way of a command: what is well-formed goes straight to its endpoint.

FastAPI solves every parameter of every request anew, which for a command took as long as all the rest of it. A command
has always the same few: ids in the path, a form, and who commands. Where they fit, the endpoint is called with them;
whatever does not fit is left to the framework, and its answer says what is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any, Self, get_type_hints

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.responses import Response

from services.chassis.web.based_on import HEADER as BASED_ON
from services.chassis.web.commands import current_command
from services.chassis.web.consequences import SHOWN, decisive_command
from services.chassis.web.idempotency_keys import KEY_HEADER, KEY_PATTERN
from services.chassis.web.payloads import Body

KEY_FITS = re.compile(KEY_PATTERN).fullmatch


@dataclass(frozen=True, slots=True)
class FastPath:
    """``ids``: parameters in the path. ``form``: the body's name and type, where there is one. ``command``: the name
    under which the endpoint takes it."""

    route: APIRoute
    ids: Mapping[str, TypeAdapter[Any]]
    form: tuple[str, type[Body]] | None
    command: str

    @classmethod
    def of(cls, route: APIRoute) -> Self | None:
        """``None`` for an endpoint that asks for anything else, which is most of them."""
        asked, hints = route.dependant, get_type_hints(route.endpoint, include_extras=True)
        if len(asked.dependencies) != 1 or len(asked.body_params) > 1:
            return None
        [of_command] = asked.dependencies
        forms = [(p.name, hints[p.name]) for p in asked.body_params]
        if of_command.call not in (current_command, decisive_command) or of_command.name is None:
            return None
        if not all(isinstance(kind, type) and issubclass(kind, Body) for _, kind in forms):
            return None
        ids = {p.name: TypeAdapter(hints[p.name]) for p in asked.path_params}
        if signature(route.endpoint).parameters.keys() != {*ids, *dict(forms), of_command.name}:
            return None
        return cls(route, ids, forms[0] if forms else None, of_command.name)

    async def answer(self, request: Request, content: Any) -> Response | None:
        """The endpoint's answer; ``None`` when a parameter does not fit. ``content``: of the JSON body; ``None`` where
        the body is none, which fits no form."""
        key = request.headers.get(KEY_HEADER, "")
        headed = BASED_ON in request.headers or SHOWN in request.headers
        plain = KEY_FITS(key) and not request.scope["query_string"] and not headed
        values = self._values(request, content) if plain else None
        if values is None:
            return None
        values[self.command] = await current_command(request, key)
        response: Response = await self.route.endpoint(**values)
        return response

    def _values(self, request: Request, content: Any) -> dict[str, Any] | None:
        """The endpoint's parameters but for the command."""
        try:
            values = {name: kind.validate_python(request.path_params[name]) for name, kind in self.ids.items()}
            if self.form is not None:
                name, form = self.form
                values[name] = form.model_validate(content)
        except ValueError:
            return None
        return values
