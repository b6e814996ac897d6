"""A dense row-major tensor over one piece of memory, which `memoryview` and numpy look at without a copy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

#: The format of `memoryview` for each kind of value.
FORMATS = {
    "float32": "f",
    "float64": "d",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
    "uint8": "B",
    "int8": "b",
    "int16": "h",
    "uint16": "H",
    "float16": "e",
    "bool": "?",
}


class Tensor:
    """`dtype`, `shape`, and the values: `tensor.data`, `memoryview(tensor)`, `numpy.asarray(tensor)` are views of one memory.

    `fetch` gives the values when they are first looked at, so that a tensor whose values nobody reads costs nothing.
    """

    __slots__ = ("_data", "_fetch", "dtype", "shape", "source")

    def __init__(self, dtype: str, shape: Sequence[int], fetch: Callable[[], Any], source: object = None) -> None:
        self.dtype = dtype
        self.shape = tuple(int(size) for size in shape)
        #: What the values come from, where they lie outside of Python.
        self.source = source
        self._fetch: Callable[[], Any] | None = fetch
        self._data: memoryview | None = None

    @property
    def size(self) -> int:
        """How many values there are."""
        return math.prod(self.shape)

    @property
    def data(self) -> memoryview:
        """The values, in the shape of the tensor: `tensor.data[0, 3]`."""
        if self._data is None:
            assert self._fetch is not None
            values = memoryview(self._fetch())
            form = FORMATS.get(self.dtype)
            if form is None:
                raise TypeError(f"A tensor of {self.dtype} has no memoryview; there are: {', '.join(FORMATS)}.")
            flat = values if values.contiguous and values.ndim == 1 and values.format == "B" else values.cast("B")
            # A memoryview has no shape for no values.
            self._data = flat.cast(form, self.shape) if self.shape and 0 not in self.shape else flat.cast(form)
            self._fetch = None
        return self._data

    def numpy(self) -> Any:
        """A numpy array over the same memory."""
        try:
            import numpy
        except ImportError as error:
            raise ImportError("`tensor.numpy()` needs numpy, which is not here; `tensor.data` is a memoryview and needs nothing.") from error
        flat = self.data.cast("B") if self.data.contiguous else self.data
        return numpy.frombuffer(flat, dtype=self.dtype).reshape(self.shape)

    def tolist(self) -> Any:
        """The values as nested lists."""
        return self.data.tolist() if 0 not in self.shape else []

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = self.numpy()
        if dtype is None or array.dtype == dtype:
            return array.copy() if copy else array
        if copy is False:
            raise ValueError(f"A tensor of {self.dtype} as {dtype} takes a copy.")
        return array.astype(dtype)

    def __buffer__(self, flags: int) -> memoryview:
        return self.data

    def __getitem__(self, index: Any) -> Any:
        view = self.data
        # Of several dimensions a memoryview gives single values only: a row of it is a smaller tensor over the same memory.
        if isinstance(index, int) and len(self.shape) > 1:
            rows = self.shape[0]
            if not -rows <= index < rows:
                raise IndexError(f"index {index} is outside of {rows} rows")
            width = self.size // rows * view.itemsize
            start = index % rows * width
            flat = view.cast("B")
            return Tensor(self.dtype, self.shape[1:], lambda: flat[start : start + width])
        return view[index]

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a tensor of no dimensions has no length")
        return self.shape[0]

    def __repr__(self) -> str:
        return f"Tensor({self.dtype}, shape={list(self.shape)})"
