"""What each role of the workbench calls by name, over one client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._contract import FIRST_RESOURCE, PLAN_FIELDS
from .client import Client


class Designer:
    """The system designer's calls: execution plans and patched code as resources."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create_execution_plan(self, plan: Mapping[str, Any]) -> Any:
        """Keeps an execution plan under an id. Raises GlassboxError `conflict` where the id is taken."""
        return await self._client.post("computation", "plans", plan)

    async def patch_code(self, service: str, source: str, language: str | None = None) -> Any:
        """Makes new code active once it compiles and passes its examples; the active version stays where it does not.

        `service` is one with patchable code (`"model"` is its attention), or a resource by its id: `"model.norm"`, `"sampler"`.
        Raises GlassboxError `code_invalid` with line and column.
        """
        data = {"id": FIRST_RESOURCE.get(service, service), "source": source}
        return await self._client.put("code", "resources/{id}", data if language is None else {**data, "language": language})


class Researcher:
    """The researcher's call: an experiment over any field of a plan."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def run_experiment(self, parameters: Mapping[str, Any]) -> Any:
        """Runs every combination of the lists and answers when all have ended, unless `wait` is false.

        >>> await researcher.run_experiment({"batch_size": [1, 8], "seq_len": 128, "kernel": ["naive", "flash_attention"]})
        """
        fields = {name: value for name, value in parameters.items() if name in PLAN_FIELDS}
        single = {name: value for name, value in fields.items() if not isinstance(value, (list, tuple))}
        rest = {name: value for name, value in parameters.items() if name not in PLAN_FIELDS}
        # A kept plan (`plan_id`) and a plan in place exclude each other.
        plan = {"plan": single} if single else {}
        grid = {name: list(value) for name, value in fields.items() if name not in single}
        return await self._client.post("computation", "experiments", {"wait": True, **rest, **plan, "grid": grid})


class Tester:
    """The tester's call: a service's own examples, run as tests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def run_service_tests(self, service: str, cases: Sequence[str] | None = None) -> Any:
        """Runs all examples of a service, or those named. Raises GlassboxError `not_found` for a case that it does not have."""
        return await self._client.post(service, "test", {} if cases is None else {"cases": list(cases)})
