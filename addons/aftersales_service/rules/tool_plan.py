"""Who can have a tool when: windows of time and how many pieces are spoken for in them (R-TOOL-12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Booking(NamedTuple):
    """Pieces that are spoken for from one moment until another; a missing end is open."""

    start: datetime
    end: datetime | None
    quantity: float = 1


def overlaps(start: datetime, end: datetime, booking: Booking) -> bool:
    """Tell whether a booking touches the window [start, end); back to back does not."""
    return booking.start < end and (booking.end is None or start < booking.end)


def peak(start: datetime, end: datetime, bookings: Iterable[Booking]) -> float:
    """Return how many pieces are spoken for at the worst moment of the window [start, end)."""
    inside = [booking for booking in bookings if overlaps(start, end, booking)]
    # The load only rises where a booking begins, or at the beginning of the window.
    moments = {start, *(booking.start for booking in inside if booking.start > start)}
    return max(
        (
            sum(
                booking.quantity
                for booking in inside
                if booking.start <= moment and (booking.end is None or moment < booking.end)
            )
            for moment in moments
        ),
        default=0,
    )


def free(capacity: float, start: datetime, end: datetime, bookings: Iterable[Booking]) -> float:
    """Return how many of `capacity` pieces nobody has at any moment of the window; never below zero."""
    return max(0, capacity - peak(start, end, bookings))
