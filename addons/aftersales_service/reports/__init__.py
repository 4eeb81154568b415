from . import (  # in building order
    base,
    catalogue,
    parts,
    reception,
    repair,
    settlement,
    vehicle,
    workshop,
)
