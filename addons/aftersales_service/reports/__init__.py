from . import (  # in building order
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
