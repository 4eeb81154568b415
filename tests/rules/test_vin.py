from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import vin

ALPHABET = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'
VINS = st.text(ALPHABET, min_size=17, max_size=17).map(vin.with_check_digit)


@tagged('post_install', '-at_install', 'standard')
class TestVin(BaseCase):
    """R-PROC-24: the chassis number is a real one."""

    def test_known_numbers(self):
        for number in ('1M8GDM9AXKP042788', '11111111111111111', '5GZCZ43D13S812715'):
            self.assertTrue(vin.is_valid(number), number)

    def test_typed_as_people_type(self):
        self.assertEqual(vin.normalise(' 1m8g-dm9a xkp042788 '), '1M8GDM9AXKP042788')
        self.assertEqual(vin.normalise('１M8GDM9AXKP042788'), '1M8GDM9AXKP042788')
        self.assertEqual(vin.normalise(None), '')

    def test_each_problem_has_its_code(self):
        self.assertEqual(vin.problems(''), ['empty'])
        self.assertEqual(vin.problems('1M8GDM9AXKP04278'), ['length'])
        self.assertEqual(vin.problems('1M8GDM9AXKPO42788'), ['letters'])
        self.assertEqual(vin.problems('1M8GDM9A1KP042788'), ['check_digit'])
        self.assertEqual(vin.problems('1M8GDM9A1KP042788', check=False), [])
        self.assertEqual(vin.problems('QQ'), ['length', 'letters'])
        self.assertTrue(vin.is_valid('1M8GDM9A1KP042788', check_digit=False))

    def test_check_digit_of_an_incomplete_number_is_refused(self):
        for number in ('1M8', '1M8GDM9AXKPO42788'):
            with self.assertRaises(ValueError):
                vin.check_digit(number)

    def test_tail(self):
        self.assertEqual(vin.tail('1M8GDM9AXKP042788'), '042788')
        self.assertEqual(vin.tail('1M8GDM9AXKP042788', 4), '2788')
        self.assertEqual(vin.tail('AB', 6), 'AB')
        self.assertEqual(vin.tail('AB', 0), '')

    def test_model_year(self):
        self.assertEqual(vin.model_year('LSVAM4187C2184841', 2026), 2012)
        self.assertEqual(vin.model_year('LSVAM4187S2184841', 2026), 2025)
        self.assertEqual(vin.model_year('LSVAM4187T2184841', 2025), 1996)
        self.assertIsNone(vin.model_year('LSVAM418702184841', 2026))

    @given(VINS)
    def test_right_numbers_pass(self, number):
        self.assertTrue(vin.is_valid(number))

    @given(VINS, st.integers(0, 16), st.sampled_from('0123456789'))
    def test_one_wrong_digit_for_a_digit_is_found(self, number, position, digit):
        if position == 8 or not number[position].isdigit() or number[position] == digit:
            return
        wrong = number[:position] + digit + number[position + 1:]
        self.assertEqual(vin.problems(wrong), ['check_digit'])

    @given(st.text())
    def test_any_text_is_judged_without_an_error(self, text):
        self.assertEqual(vin.is_valid(text), not vin.problems(text))
        self.assertEqual(vin.normalise(vin.normalise(text)), vin.normalise(text))
