"""Figures of matplotlib, where it is there, as pictures."""

from __future__ import annotations

import io
import sys

from .show import Show


def show_figures(show: Show) -> None:
    """Every open figure as a picture; closes them. Nothing where the script has not imported pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        written = io.BytesIO()
        figure.savefig(written, format="png", dpi=144, bbox_inches="tight")
        title = figure.axes[0].get_title() if figure.axes else ""
        show.picture(written.getvalue(), "png", title or None)
        pyplot.close(figure)
