# ruff: noqa: I001 - in building order: a later room extends the models of the rooms before it, never sort
from . import (
    base,
    vehicle,
    catalogue,
    reception,
    repair,
    workshop,
    parts,
    settlement,
    warranty,
    tools,
    people,
)
