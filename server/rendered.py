"""Answers made once, compressed once and told apart by their content.

What is kept is kept by everything it depends on: what was asked, by which audience, and the version
of what is held. So no answer is ever another audience's, nor one of before an import.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Final

import brotli
from flask import Response, request

from server.access import current_audience
from server.bodies import Body
from server.services import services

WORTH_COMPRESSING_BYTES: Final = 500
COMPRESSED_ALREADY: Final = (
    "image/png",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
BROTLI_QUALITY: Final = 6
BEST_BROTLI: Final = 11
GZIP_LEVEL: Final = 6
BEST_GZIP: Final = 9


def rendered(
    key: tuple[Hashable, ...],
    version: str,
    mimetype: str,
    make: Callable[[], bytes],
    *,
    same_for_all: bool = False,
    lasting: bool = False,
) -> Response:
    """The answer for a key, made if it is not kept, in the best encoding that the asker takes.

    Args:
        key: what was asked; the audience is added here, so that no answer is another's.
        version: changes whenever the answer may.
        make: gives the content.
        same_for_all: the answer does not depend on the audience.
        lasting: the answer is worth being packed as small as can be.
    """
    answers = services().answers
    asked = (*key, "all") if same_for_all else (*key, current_audience())

    def plain() -> Body:
        content = make()
        digest = hashlib.blake2b(content, digest_size=12).hexdigest()
        return Body(content, digest, len(request.full_path))

    body = answers.get((*asked, "identity"), version, plain)
    response = Response(content_type=mimetype)
    response.set_etag(body.digest, weak=True)
    response.vary.add("Accept-Encoding")
    if request.if_none_match.contains_weak(body.digest):
        response.status_code = 304
        return response
    worth_it = len(body.content) >= WORTH_COMPRESSING_BYTES and mimetype not in COMPRESSED_ALREADY
    encoding = _encoding() if worth_it else "identity"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.set_data(_packed(body, encoding, asked, lasting))
    return response


def _packed(body: Body, encoding: str, asked: tuple[Hashable, ...], lasting: bool) -> bytes:
    if encoding == "identity":
        return body.content
    packed = services().answers.get(
        (*asked, encoding),
        body.digest,
        lambda: replace(body, content=_PACK[encoding](body.content, lasting)),
    )
    return packed.content


def _brotli(content: bytes, lasting: bool) -> bytes:
    return bytes(brotli.compress(content, quality=BEST_BROTLI if lasting else BROTLI_QUALITY))


def _gzip(content: bytes, lasting: bool) -> bytes:
    return gzip.compress(content, BEST_GZIP if lasting else GZIP_LEVEL, mtime=0)


_PACK: Final = {"br": _brotli, "gzip": _gzip}


def _encoding() -> str:
    """The best of our encodings that the request takes."""
    return next((name for name in _PACK if request.accept_encodings[name] > 0), "identity")


def conditional(response: Response) -> Response:
    """With an ETag of its content, so that an unchanged answer is not sent again."""
    response.add_etag()
    response.make_conditional(request)
    return response


def mark_of(version: str) -> str:
    """A version as an address carries it, so that what is kept under it never grows old."""
    return hashlib.blake2b(version.encode(), digest_size=6).hexdigest()
