"""The key of the guarded mixin for core models that cannot inherit it whole: stock moves, transfers, locations.

Returns and back-orders of Odoo copy a move together with its link to the order line, so creation stays open here
and everything is checked when the goods really move.
"""

from ..base.const import MACHINE_MADE
from ..base.guard import _KEY, _SENTINEL


def opened(records):
    """Return the records with the key in their context; the object cannot come over RPC."""
    return records.with_context(**{_KEY: _SENTINEL})


def is_open(records):
    """Tell whether the environment carries the key."""
    return records.env.context.get(_KEY) is _SENTINEL


def closed(records):
    """Return the records without the key."""
    if not is_open(records):
        return records
    return records.with_env(
        records.env(context={key: value for key, value in records.env.context.items() if key != _KEY})
    )


# The name of it in this room.
QUIET = MACHINE_MADE
