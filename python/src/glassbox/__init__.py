"""The client of a Glassbox workbench: its six services as calls, RESTful or direct, and its roles."""

from .client import Client, Event, Stream
from .errors import ErrorItem, GlassboxError
from .roles import Designer, Researcher, Tester
from .tensor import Tensor
from .transport import Transport

__all__ = ["Client", "Designer", "ErrorItem", "Event", "GlassboxError", "Researcher", "Stream", "Tensor", "Tester", "Transport"]
