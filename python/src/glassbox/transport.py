"""What carries calls to a workbench: a call into its worker, or HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol


class Transport(Protocol):
    """Carries calls; knows no role and no mode of a client."""

    async def call(self, method: str, service: str, path: str, data: Mapping[str, Any], restful: bool) -> Any:
        """The bare result; where `restful`, the envelope of the response: `data`, `metadata`, `examples`.

        Raises GlassboxError for what the service refuses.
        """
        ...

    def stream(self, service: str, path: str, data: Mapping[str, Any], restful: bool) -> AsyncIterator[tuple[str, Any]]:
        """Events as they come. `aclose()` of it, where there is one, ends the work and not only the reading."""
        ...
