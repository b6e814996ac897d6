"""The client of the API: the same calls in both modes, switched at any moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple

from .transport import Transport


class Event(NamedTuple):
    """One event of a stream: `async for event, data in client.stream(...)`."""

    event: str
    data: Any


class Stream:
    """Events of a streaming endpoint as they come: an async iterator, and a context that ends the work when it is left."""

    def __init__(self, events: AsyncIterator[tuple[str, Any]]) -> None:
        self._events = events

    def __aiter__(self) -> Stream:
        return self

    async def __anext__(self) -> Event:
        return Event(*(await self._events.__anext__()))

    async def aclose(self) -> None:
        """Ends the work, not only the reading."""
        close = getattr(self._events, "aclose", None)
        if close is not None:
            await close()

    async def __aenter__(self) -> Stream:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        await self.aclose()


class Client:
    """Calls a workbench.

    >>> tokens = await client.post("tokenizer", "tokenize", {"text": "Once upon a time"})
    """

    def __init__(self, transport: Transport, restful: bool = False) -> None:
        self._transport = transport
        self._restful = restful

    @property
    def restful_mode(self) -> bool:
        """Whether calls are HTTP requests that answer envelopes."""
        return self._restful

    def enable_restful_mode(self, on: bool = True) -> None:
        """True: calls are HTTP requests and answer envelopes, `{"data", "metadata", "examples"}`.

        False: calls are function calls and answer the bare result. Takes effect with the next call.
        """
        self._restful = bool(on)

    async def get(self, service: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """`GET /{service}/{path}`: `await client.get("tokenizer", "examples")`."""
        return await self._transport.call("GET", service, path, data or {}, self._restful)

    async def post(self, service: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """`POST /{service}/{path}`: `await client.post("model", "forward", {"input_ids": [[1, 2]]})`."""
        return await self._transport.call("POST", service, path, data or {}, self._restful)

    async def put(self, service: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """`PUT /{service}/{path}`."""
        return await self._transport.call("PUT", service, path, data or {}, self._restful)

    async def delete(self, service: str, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """`DELETE /{service}/{path}`."""
        return await self._transport.call("DELETE", service, path, data or {}, self._restful)

    def stream(self, service: str, path: str, data: Mapping[str, Any] | None = None) -> Stream:
        """Events of a streaming endpoint: `async for event, data in client.stream("model", "generate", {"prompt": "Hi"})`."""
        return Stream(self._transport.stream(service, path, data or {}, self._restful))
