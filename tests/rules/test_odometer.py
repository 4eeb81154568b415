from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import odometer
from odoo.addons.aftersales_service.rules.odometer import Reading


@tagged('post_install', '-at_install', 'standard')
class TestOdometer(BaseCase):
    """R-PROC-24: mileage never falls; a new instrument does not make the car young again."""

    def test_each_problem_has_its_code(self):
        self.assertEqual(odometer.problems(-1, None), ['negative'])
        self.assertEqual(odometer.problems(10_000_000, None), ['too_high'])
        self.assertEqual(odometer.problems(99, 100), ['lower'])
        self.assertEqual(odometer.problems(100, 100), [])
        self.assertEqual(odometer.problems(3001, 0, days=2), ['jump'])
        self.assertEqual(odometer.problems(3000, 0, days=2), [])
        self.assertEqual(odometer.problems(1500, 0, days=0), [])
        self.assertEqual(odometer.problems(5, None), [])

    def test_distance_counts_every_instrument(self):
        self.assertEqual(odometer.distance([]), 0)
        self.assertEqual(odometer.distance([Reading(50), Reading(None), Reading(80_000)]), 80_000)
        self.assertEqual(odometer.distance([Reading(80_000), Reading(0, True), Reading(5_000)]), 85_000)
        self.assertEqual(odometer.distance([Reading(80_000), Reading(80_000, True), Reading(81_000)]), 81_000)
        self.assertEqual(odometer.distance([Reading(80_000), Reading(None, True), Reading(10), Reading(60)]), 80_050)

    def test_next_service(self):
        self.assertEqual(odometer.next_service(40_000, 10_000), 50_000)
        with self.assertRaises(ValueError):
            odometer.next_service(40_000, 0)

    @given(st.lists(st.integers(0, 10**6), min_size=1))
    def test_distance_of_rising_readings_is_the_last(self, values):
        values.sort()
        self.assertEqual(odometer.distance([Reading(value) for value in values]), values[-1])
        for before, after in zip(values, values[1:], strict=False):
            self.assertEqual(odometer.problems(after, before), [])
