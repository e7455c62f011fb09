"""The built pages: stable names under the digest of them all, so that a browser keeps them for good and never mixes two
builds."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.ground.refusals import NOT_FOUND
from services.chassis.web.problems import problem
from services.console.cookies import PATH
from services.console.labels import label_file

FOLDER = Path(__file__).parent / "built"
ENTRY = "index.html"
BUILD = "BUILD.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
    " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FETCHED_FIRST = (f"{PATH}/bff/session", label_file().address)
"""Every page asks who is signed in, and for the labels: on a slow line it need not wait for the scripts that do."""
FIRST_PAGE = "inbox"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
SMALL = 1024


@dataclass(frozen=True)
class BuiltFiles:
    """Every file of the build in memory, and compressed once."""

    plain: dict[str, bytes]
    packed: dict[str, bytes] = field(default_factory=dict)
    digest: str = ""

    @classmethod
    def at(cls, folder: Path = FOLDER) -> Self:
        plain = {
            each.relative_to(folder).as_posix(): each.read_bytes()
            for each in sorted(folder.rglob("*"))
            if each.is_file() and each.name != BUILD
        }
        packed = {name: gzip.compress(content, mtime=0) for name, content in plain.items() if len(content) > SMALL}
        digest = hashlib.sha256()
        for name, content in plain.items():
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return cls(plain, packed, digest.hexdigest()[:16])

    async def page(self, request: Request) -> Response:
        """The one HTML page, for every address of the console. It is asked for anew each time: it names the build."""
        text = self.plain[ENTRY].decode().replace('="./', f'="{PATH}/assets/{self.digest}/')
        link = ", ".join(self._asked_for_next(request.path_params["page"]))
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Link": link}
        return Response(text, media_type="text/html", headers=headers)

    def _asked_for_next(self, page: str) -> Iterator[str]:
        """What the scripts of this page would ask for, one after the other. A page's files are called after its folder, and its
        folder after its address."""
        for address in FETCHED_FIRST:
            yield f"<{address}>; rel=preload; as=fetch; crossorigin"
        name = page or FIRST_PAGE
        for file, kind in ((f"{name}.js", "modulepreload"), (f"{name}.css", "preload; as=style; crossorigin")):
            if file in self.plain:
                yield f"<{PATH}/assets/{self.digest}/{file}>; rel={kind}"

    async def asset(self, request: Request) -> Response:
        """A file of this build; one of another build is none of ours, and its page is to be loaded again."""
        name = request.path_params["name"]
        if request.path_params["digest"] != self.digest or name not in self.plain:
            return problem(NOT_FOUND)
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        content = self.plain[name]
        if name in self.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            content, headers["Content-Encoding"] = self.packed[name], "gzip"
        suffix = Path(name).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind, headers=headers)
