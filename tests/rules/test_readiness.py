from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.aftersales_service.rules import readiness
from odoo.addons.aftersales_service.rules.readiness import AMBER, GREEN, LIGHTS, RED, Facts, Limits

from ..common import AftersalesPureCase

MOMENTS = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
TEXTS = st.sampled_from(['', ' ', 'a', 'b', 'c'])
HOURS = st.floats(0, 20)
FACTS = st.builds(
    Facts, signed_at=MOMENTS, told_at=MOMENTS, order_clock_at=MOMENTS, concern=TEXTS, cause=TEXTS, correction=TEXTS,
    is_supplement=st.booleans(), supplement_at=MOMENTS, job_clock_at=MOMENTS, overlaps=st.integers(0, 3),
    clocked_hours=HOURS, claimed_hours=HOURS, operators=st.integers(0, 3), ungraded=st.integers(0, 3),
    lowest_skill=st.integers(0, 4), needed_skill=st.integers(0, 4), claims_parts=st.booleans(), has_causal=st.booleans(),
    causal_issued=st.booleans(), old_parts_needed=HOURS, old_parts_tagged=HOURS,
    old_parts_without_photo=st.integers(0, 2), old_part_exempt=st.booleans(), is_repeat=st.booleans(),
    repeat_flagged=st.booleans(), odometer=st.integers(-5, 10**8), last_odometer=st.none() | st.integers(0, 10**6),
    days_since_reading=st.none() | st.integers(0, 4000), odometer_unreadable=st.booleans(),
    odometer_replaced=st.booleans(), deadline=DAYS, sent_on=DAYS, sublets=st.integers(0, 3),
    sublets_accepted=st.integers(0, 3), sublets_billed=st.integers(0, 3),
)
# Thirty-odd facts take a while to draw on a busy machine; the rules themselves are plain arithmetic.
quick = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


class TestReadinessRules(AftersalesPureCase):
    """Anchor (c) 2: twelve lights, each a function of the facts alone."""

    @quick
    @given(FACTS)
    def test_every_light_has_a_colour_and_a_reason(self, facts):
        lights = readiness.score(facts)
        self.assertEqual(tuple(lights), LIGHTS)
        self.assertTrue(all(light.colour in readiness.COLOURS and light.why for light in lights.values()))
        self.assertEqual(sum(readiness.count(lights).values()), 12)

    @quick
    @given(FACTS, st.floats(0, 20))
    def test_more_clocked_hours_never_make_it_worse(self, facts, more):
        rank = {RED: 0, AMBER: 1, GREEN: 2}
        before = readiness.score(facts)['hours'].colour
        after = readiness.score(facts._replace(clocked_hours=facts.clocked_hours + more))['hours'].colour
        self.assertGreaterEqual(rank[after], rank[before])

    @quick
    @given(FACTS, st.integers(0, 400))
    def test_a_later_day_never_makes_the_deadline_better(self, facts, days):
        if facts.deadline and facts.sent_on:
            rank = {RED: 0, AMBER: 1, GREEN: 2}
            later = facts._replace(sent_on=facts.sent_on + timedelta(days=days))
            self.assertLessEqual(
                rank[readiness.score(later)['deadline'].colour], rank[readiness.score(facts)['deadline'].colour])

    @quick
    @given(FACTS)
    def test_signature_is_green_only_when_written_before_the_first_clock(self, facts):
        light = readiness.score(facts)['signature']
        signed_first = facts.signed_at is not None and (facts.order_clock_at is None or facts.signed_at <= facts.order_clock_at)
        self.assertEqual(light.colour == GREEN, signed_first)

    def test_limits(self):
        facts = Facts(claimed_hours=10.0, clocked_hours=8.0)
        self.assertEqual(readiness.score(facts)['hours'].colour, GREEN)
        self.assertEqual(readiness.score(facts, Limits(hours_green=90.0))['hours'].colour, AMBER)
        self.assertEqual(readiness.score(facts, Limits(hours_green=95.0, hours_amber=90.0))['hours'].colour, RED)
        day = date(2026, 11, 22)
        for left, colour in ((-1, RED), (0, AMBER), (2, AMBER), (3, GREEN)):
            facts = Facts(deadline=day + timedelta(days=left), sent_on=day)
            self.assertEqual(readiness.score(facts)['deadline'].colour, colour, left)
