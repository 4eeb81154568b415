"""Twelve lights of a warranty claim: would it survive the manufacturer's audit? Pure facts in, colours out."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from .odometer import problems

GREEN, AMBER, RED = 'green', 'amber', 'red'
COLOURS = (GREEN, AMBER, RED)

#: The lights in the order in which they are shown.
LIGHTS = (
    'signature', 'three_c', 'consent', 'clocks', 'hours', 'training', 'causal', 'old_part', 'repeat', 'odometer',
    'deadline', 'sublet',
)


class Limits(NamedTuple):
    """What the shop asks for. hours_green, hours_amber: clocked hours in percent of claimed ones.

    warn_days: a deadline this near is amber. most_per_day: km a day a car may plausibly drive.
    """

    hours_green: float = 80.0
    hours_amber: float = 50.0
    warn_days: int = 3
    most_per_day: int = 1500


DEFAULT_LIMITS = Limits()


class Facts(NamedTuple):
    """What is known of a claim's order; None: did not happen, or is not known."""

    # Signature before the first clock
    signed_at: datetime | None = None  #: first signature on the order: screen, paper, portal or mandate
    told_at: datetime | None = None  #: first yes by phone, message or supervisor
    order_clock_at: datetime | None = None  #: first work on the order
    # Concern, cause, correction
    concern: str = ''
    cause: str = ''
    correction: str = ''
    # Consent to additional work
    is_supplement: bool = False
    supplement_at: datetime | None = None
    job_clock_at: datetime | None = None
    # Clocks
    overlaps: int = 0  #: clocks of this job during which the same person ran another one
    clocked_hours: float = 0.0
    claimed_hours: float = 0.0
    # Who did it, as ranks of the skill grades
    operators: int = 0
    ungraded: int = 0  #: operators whose grade nobody entered
    lowest_skill: int = 0
    needed_skill: int = 0
    # Parts
    claims_parts: bool = False
    has_causal: bool = False
    causal_issued: bool = False
    old_parts_needed: float = 0.0
    old_parts_tagged: float = 0.0
    old_parts_without_photo: int = 0
    old_part_exempt: bool = False
    # Repeat repair
    is_repeat: bool = False
    repeat_flagged: bool = False
    # Odometer
    odometer: int = 0
    last_odometer: int | None = None
    days_since_reading: int | None = None
    odometer_unreadable: bool = False
    odometer_replaced: bool = False
    # Deadline
    deadline: date | None = None
    sent_on: date | None = None  #: day it was first sent, today while it was not
    # Sublet work
    sublets: int = 0
    sublets_accepted: int = 0
    sublets_billed: int = 0


class Light(NamedTuple):
    """One light. why: stable code of the reason; green ones say what speaks for it."""

    colour: str
    why: str


def score(facts: Facts, limits: Limits = DEFAULT_LIMITS) -> dict[str, Light]:
    """Return the twelve lights, in the order of `LIGHTS`."""
    return {name: globals()[f'_{name}'](facts, limits) for name in LIGHTS}


def count(lights: dict[str, Light]) -> dict[str, int]:
    """Return how many lights have each colour."""
    return {colour: sum(light.colour == colour for light in lights.values()) for colour in COLOURS}


def _before(moment: datetime | None, clock: datetime | None) -> bool:
    return moment is not None and (clock is None or moment <= clock)


def _signature(facts: Facts, limits: Limits) -> Light:
    if _before(facts.signed_at, facts.order_clock_at):
        return Light(GREEN, 'signed_before')
    if _before(facts.told_at, facts.order_clock_at):
        return Light(AMBER, 'told_before')
    return Light(RED, 'signed_after' if facts.signed_at else 'not_signed')


def _three_c(facts: Facts, limits: Limits) -> Light:
    texts = [text.strip() for text in (facts.concern, facts.cause, facts.correction)]
    if not all(texts):
        return Light(RED, 'text_missing')
    return Light(AMBER, 'text_copied') if len(set(texts)) < 3 else Light(GREEN, 'text_there')


def _consent(facts: Facts, limits: Limits) -> Light:
    if not facts.is_supplement:
        return Light(GREEN, 'no_supplement')
    if facts.supplement_at is None:
        return Light(RED, 'supplement_unasked')
    return Light(GREEN, 'supplement_before') if _before(facts.supplement_at, facts.job_clock_at) else Light(RED, 'supplement_after')


def _clocks(facts: Facts, limits: Limits) -> Light:
    return Light(RED, 'clock_overlap') if facts.overlaps else Light(GREEN, 'clock_clean')


def _hours(facts: Facts, limits: Limits) -> Light:
    if facts.claimed_hours <= 0:
        return Light(GREEN, 'no_hours')
    percent = facts.clocked_hours / facts.claimed_hours * 100
    if percent >= limits.hours_green:
        return Light(GREEN, 'hours_covered')
    return Light(AMBER if percent >= limits.hours_amber else RED, 'hours_short')


def _training(facts: Facts, limits: Limits) -> Light:
    if not facts.operators:
        return Light(GREEN, 'nobody_needed') if facts.claimed_hours <= 0 else Light(AMBER, 'nobody_clocked')
    if facts.operators > facts.ungraded and facts.lowest_skill < facts.needed_skill:
        return Light(RED, 'unskilled')
    return Light(AMBER, 'ungraded') if facts.ungraded else Light(GREEN, 'skilled')


def _causal(facts: Facts, limits: Limits) -> Light:
    if not facts.claims_parts:
        return Light(GREEN, 'labour_only')
    if not facts.has_causal:
        return Light(RED, 'no_causal')
    return Light(GREEN, 'causal_issued') if facts.causal_issued else Light(RED, 'causal_not_issued')


def _old_part(facts: Facts, limits: Limits) -> Light:
    if facts.old_parts_needed <= 0:
        return Light(GREEN, 'no_old_part')
    if facts.old_parts_tagged >= facts.old_parts_needed:
        return Light(AMBER, 'no_photo') if facts.old_parts_without_photo else Light(GREEN, 'tagged')
    return Light(AMBER, 'exempt') if facts.old_part_exempt else Light(RED, 'not_tagged')


def _repeat(facts: Facts, limits: Limits) -> Light:
    if not facts.is_repeat:
        return Light(GREEN, 'first_time')
    return Light(AMBER, 'repeat_flagged') if facts.repeat_flagged else Light(RED, 'repeat_hidden')


def _odometer(facts: Facts, limits: Limits) -> Light:
    if facts.odometer <= 0:
        return Light(AMBER, 'unreadable') if facts.odometer_unreadable else Light(RED, 'no_reading')
    last = None if facts.odometer_replaced else facts.last_odometer
    found = problems(facts.odometer, last, facts.days_since_reading, limits.most_per_day)
    if not found:
        return Light(GREEN, 'reading_fits')
    return Light(AMBER, 'reading_jump') if found == ['jump'] else Light(RED, 'reading_wrong')


def _deadline(facts: Facts, limits: Limits) -> Light:
    if facts.deadline is None or facts.sent_on is None:
        return Light(AMBER, 'no_deadline')
    left = (facts.deadline - facts.sent_on).days
    if left < 0:
        return Light(RED, 'late')
    return Light(AMBER, 'soon') if left < limits.warn_days else Light(GREEN, 'in_time')


def _sublet(facts: Facts, limits: Limits) -> Light:
    if not facts.sublets:
        return Light(GREEN, 'no_sublet')
    if facts.sublets_accepted < facts.sublets:
        return Light(RED, 'sublet_open')
    return Light(GREEN, 'sublet_billed') if facts.sublets_billed >= facts.sublets else Light(AMBER, 'sublet_unbilled')
