"""Values as they cross to a workbench and back: JSON text, with the memory of tensors beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from .tensor import Tensor

#: Stands in the text for the nth memory beside it.
BUFFER = "$buffer"
#: Stands in the text for a number that JSON has no word for.
NUMBER = "$number"


def encode(value: object) -> tuple[str, list[object]]:
    """JSON text, and the memories that it names. Raises TypeError for what JSON has no form for, naming it."""
    buffers: list[object] = []

    def other(item: object) -> object:
        if isinstance(item, Tensor):
            buffers.append(item.data if item.source is None else item.source)
            return {"dtype": item.dtype, "shape": item.shape, "data": {BUFFER: len(buffers) - 1, "dtype": item.dtype}}
        if isinstance(item, (set, frozenset)):
            return sorted(item, key=repr)
        # numpy's arrays and numbers, array.array, memoryview.
        to_list = getattr(item, "tolist", None)
        if callable(to_list):
            return to_list()
        raise TypeError(f"{type(item).__name__} has no form in JSON: {item!r:.80}")

    try:
        return json.dumps(value, default=other, allow_nan=False), buffers
    except ValueError:
        buffers.clear()
        return json.dumps(_finite(value, other), allow_nan=False), buffers


def _finite(value: object, other: Callable[[object], object], depth: int = 0) -> object:
    """The same with a mark for each number that is not finite."""
    if depth > 500:
        raise ValueError("it holds itself, or is nested too deep for JSON")
    if isinstance(value, float):
        return value if math.isfinite(value) else {NUMBER: "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, dict):
        return {key: _finite(item, other, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item, other, depth + 1) for item in value]
    if value is None or isinstance(value, (str, int)):
        return value
    return _finite(other(value), other, depth + 1)


def decode(text: str, buffers: Sequence[object] = (), view: Callable[[Any], Any] = memoryview) -> Any:
    """What `text` says, with tensors over the memories beside it; `view` gives what `memoryview` takes."""

    def restored(item: dict[str, Any]) -> Any:
        if BUFFER in item:
            source = buffers[item[BUFFER]]
            return Tensor(item["dtype"], [item["length"]], lambda: view(source), source)
        if NUMBER in item:
            return float(item[NUMBER].replace("Infinity", "inf"))
        data = item.get("data")
        if isinstance(data, Tensor) and "shape" in item:
            return Tensor(item["dtype"], item["shape"], lambda: view(data.source), data.source)
        return item

    return json.loads(text, object_hook=restored)
