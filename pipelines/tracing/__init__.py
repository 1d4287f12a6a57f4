"""Where a figure comes from: the files, sheets and cells that it is made of, and the short code that leads to them."""

from pipelines.tracing.cells import Source, Told, cells_of, places_of

__all__ = ["Source", "Told", "cells_of", "places_of"]
