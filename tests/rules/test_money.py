from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import deposit, rounding
from odoo.addons.aftersales_service.rules.amount_words import chinese_capital

_DIGITS = {character: value for value, character in enumerate('零壹贰叁肆伍陆柒捌玖')}
_UNITS = {'拾': 10, '佰': 100, '仟': 1000}


def read_capital(words):
    """Return the cents that capital characters say: an independent reader for the writer under test."""
    sign = -1 if words.startswith('负') else 1
    total = section = digit = cents = 0
    for character in words.lstrip('负'):
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += digit * _UNITS[character]
            digit = 0
        elif character == '万':
            section = (section + digit) * 10**4
            digit = 0
            total, section = total + section, 0
        elif character == '亿':
            total = (total + section + digit) * 10**8
            section = digit = 0
        elif character == '元':
            cents = (total + section + digit) * 100
            digit = 0
        elif character == '角':
            cents += digit * 10
            digit = 0
        elif character == '分':
            cents += digit
    return sign * cents


@tagged('post_install', '-at_install', 'standard')
class TestDeposit(BaseCase):
    """R-PROC-07: a deposit of at least half the price; 0.499 of it fails, 0.5 passes."""

    def test_half_passes_and_a_thousandth_less_fails(self):
        half = Decimal('0.5')
        self.assertTrue(deposit.is_enough(50000, 100000, half))
        self.assertFalse(deposit.is_enough(49900, 100000, half))
        self.assertFalse(deposit.is_enough(49999, 100000, half))

    def test_odd_prices_round_up(self):
        self.assertEqual(deposit.required(101, Decimal('0.5')), 51)
        self.assertEqual(deposit.missing(50, 101, Decimal('0.5')), 1)
        self.assertEqual(deposit.missing(99, 101, Decimal('0.5')), 0)

    def test_threshold_itself_asks_for_a_deposit(self):
        self.assertTrue(deposit.is_needed(100000, 100000))
        self.assertFalse(deposit.is_needed(99999, 100000))

    @given(st.integers(0, 10**9), st.decimals('0', '1', places=4))
    def test_required_is_the_least_that_is_enough(self, price, ratio):
        least = deposit.required(price, ratio)
        self.assertTrue(deposit.is_enough(least, price, ratio))
        self.assertFalse(least and deposit.is_enough(least - 1, price, ratio))


@tagged('post_install', '-at_install', 'standard')
class TestRounding(BaseCase):
    """R-PERM-03: what is wiped off at the till is exact and measured against the person's limit."""

    def test_modes(self):
        self.assertEqual(rounding.wipe(12357, 100), (12300, -57))
        self.assertEqual(rounding.wipe(12357, 10, 'half_up'), (12360, 3))
        self.assertEqual(rounding.wipe(12301, 100, 'up'), (12400, 99))
        self.assertEqual(rounding.wipe(-12357, 100), (-12300, 57))

    def test_limit_itself_is_too_much(self):
        self.assertTrue(rounding.is_within(-99, 100))
        self.assertFalse(rounding.is_within(-100, 100))

    def test_wrong_step_or_mode_is_refused(self):
        with self.assertRaises(ValueError):
            rounding.wipe(100, 0)
        with self.assertRaises(ValueError):
            rounding.wipe(100, 10, 'sideways')

    @given(st.integers(-10**9, 10**9), st.integers(1, 10**4), st.sampled_from(['down', 'half_up', 'up']))
    def test_result_is_a_multiple_and_nothing_is_lost(self, total, step, mode):
        amount, difference = rounding.wipe(total, step, mode)
        self.assertEqual(amount - difference, total)
        self.assertEqual(amount % step, 0)
        self.assertLess(abs(difference), step)
        if mode == 'down':
            self.assertLessEqual(abs(amount), abs(total))


@tagged('post_install', '-at_install', 'standard')
class TestAmountWords(BaseCase):
    """R-FORM-05: statements carry the amount in capital characters."""

    def test_written_as_accountants_write_it(self):
        for amount, words in (
            ('0', '零元整'), ('0.05', '伍分'), ('0.50', '伍角整'), ('1.05', '壹元零伍分'), ('10', '壹拾元整'),
            ('1680.32', '壹仟陆佰捌拾元叁角贰分'), ('100500', '壹拾万零伍佰元整'), ('-12.30', '负壹拾贰元叁角整'),
            ('10050.5', '壹万零伍拾元伍角整'), ('1000000000000', '壹万亿元整'), ('100001000.09', '壹亿零壹仟元零玖分'),
        ):
            self.assertEqual(chinese_capital(amount), words)

    def test_too_large_is_refused(self):
        with self.assertRaises(ValueError):
            chinese_capital(Decimal(10) ** 16)

    @given(st.integers(-10**17, 10**17))
    def test_reads_back_as_the_same_amount(self, cents):
        words = chinese_capital(Decimal(cents).scaleb(-2))
        self.assertEqual(read_capital(words), cents)
        self.assertNotIn('零零', words)
