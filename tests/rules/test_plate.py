from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.aftersales_service.rules import plate

SERIAL = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'


@tagged('post_install', '-at_install', 'standard')
class TestPlate(BaseCase):
    """R-PROC-24: plates are recognised however they are typed; new-energy ones are told apart."""

    def test_kinds(self):
        for text, kind in {
            '京A12345': 'blue', '沪B·8K6M2': 'blue', '粤BD12345': 'green', '粤BF12345': 'green', '粤BAA1234': 'green',
            '粤B12345F': 'yellow_green', '沪A1234挂': 'yellow', '沪A1234学': 'yellow', '京A1234警': 'white',
            '川X1234应急': 'white', 'WJ京12345': 'white', 'VA12345': 'white', '粤Z1234港': 'black',
            '粤Z1234澳': 'black', '使014578': 'black', '沪A0023领': 'black', '临A12345': 'temporary',
            '京A12345临': 'temporary', '京A1234试': 'temporary', '': 'none', 'MH12AB1234': 'other',
            '京A123': 'other', '京I12345': 'other', '京A1234O': 'other', '粤BL12345': 'other', '粤BD1234O': 'other',
        }.items():
            self.assertEqual(plate.kind(text), kind, text)
            self.assertEqual(plate.is_valid(text), kind not in ('other', 'none'), text)

    def test_typed_as_people_type(self):
        for text in ('粤b d12345', '粤B·D12345', '粤B•D12345', '粤B-D1 2345', '粤Ｂ．Ｄ１２３４５', ' 粤BD12345\n'):
            self.assertEqual(plate.normalise(text), '粤BD12345', text)
        self.assertEqual(plate.normalise(None), '')

    def test_parts(self):
        self.assertEqual(plate.parse('粤B·D12345'), ('粤', 'B', 'D12345', 'green'))
        self.assertEqual(plate.parse('abc'), ('', '', 'ABC', 'other'))

    def test_new_energy(self):
        self.assertTrue(plate.is_new_energy('粤BD12345'))
        self.assertTrue(plate.is_new_energy('粤B12345D'))
        self.assertFalse(plate.is_new_energy('粤B12345'))
        self.assertEqual(
            [plate.energy(text) for text in ('粤BD12345', '粤BF12345', '粤B12345F', '粤BD1234', '')],
            ['electric', 'hybrid', 'hybrid', None, None],
        )

    def test_written_with_a_dot(self):
        self.assertEqual(plate.pretty('粤bd12345'), '粤B·D12345')
        self.assertEqual(plate.pretty('使014578'), '使014578')
        self.assertEqual(plate.pretty('临A12345'), '临A12345')
        self.assertEqual(plate.pretty(''), '')

    @given(st.sampled_from(plate.PROVINCES), st.sampled_from('ABCDEFGHJKLMNPQRSTUVWXYZ'),
           st.text(SERIAL, min_size=5, max_size=5))
    def test_every_ordinary_plate_is_valid(self, province, letter, serial):
        text = province + letter + serial
        self.assertEqual(plate.parse(plate.pretty(text)), (province, letter, serial, 'blue'))

    @given(st.sampled_from(plate.PROVINCES), st.sampled_from('ABCDEFGHJK'), st.from_regex('[0-9]{5}', fullmatch=True))
    def test_new_energy_is_one_character_longer(self, province, first, digits):
        self.assertEqual(plate.kind(f'{province}A{first}{digits}'), 'green')
        self.assertEqual(plate.kind(f'{province}A{digits}{first}'), 'yellow_green')

    @given(st.text())
    def test_any_text_is_judged_without_an_error(self, text):
        self.assertIn(plate.kind(text), plate.KINDS)
        self.assertEqual(plate.normalise(plate.normalise(text)), plate.normalise(text))
