from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestWarrantyTours(DeskHttpCase):
    """The warranty desk within the clicks of docs/desks.md, played by a warranty clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_claims(till=False)
        cls._make_terms()
        cls.claim = cls._make_claim()
        cls.claim._check()

    def _play(self, tour):
        self._open('claims-by-deadline', tour, 'test_warranty_clerk')
        self.env.invalidate_all()

    def test_red_light(self):
        """Anchor (c) 2: a red light opens its cure with one click."""
        self.claim.correction = False
        self._play('aftersales_warranty_light')

    def test_submit(self):
        """R-WAR-11: sent with two clicks."""
        self._play('aftersales_warranty_submit')
        self.assertEqual(self.claim.state, 'submitted')

    def test_blocked(self):
        """R-WAR-11: a red light is explained instead."""
        self._set_gate('claim_readiness', 'override')
        self.claim.correction = False
        self._play('aftersales_warranty_blocked')
        self.assertEqual(self.claim.state, 'checked')

    def test_answer(self):
        """R-WAR-12: the manufacturer's answer, recorded from the desk."""
        self.claim._submit()
        self._play('aftersales_warranty_answer')
        self.assertEqual(self.claim.state, 'approved')
