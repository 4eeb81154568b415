from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestToolsTours(DeskHttpCase):
    """The tool counter within the scans and clicks of docs/desks.md, played by a tool keeper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper_user = cls._make_user('tool_keeper', login='test_tool_keeper', name="Keeper Duan")
        cls.keeper = cls._make_employee("Keeper Duan", cls.keeper_user, barcode='BADGE9')
        category = cls._make_tool_category()
        cls.puller = cls._make_tool("Puller", category, code='T-0231')
        cls.kit = cls._make_tool("Socket set", category, code='T-0266', pieces=("E14", "E16"))
        gauges = cls._make_tool_category("Torque wrenches", calibration_months=12)
        cls.expired = cls._make_tool("Torque wrench A", gauges, code='T-0117', calibration_due='2026-01-01')
        cls._make_tool("Torque wrench B", gauges, code='T-0118', calibration_due='2099-01-01', shelf="C-04")

    def _play(self, tour):
        self._open('tool-counter', tour, 'test_tool_keeper')
        self.env.invalidate_all()

    def test_lend(self):
        """R-TOOL-02: two scans."""
        self._play('aftersales_tools_lend')
        self.assertEqual(self.puller.holder_employee_id, self.he_tao)

    def test_scans_faster_than_answers(self):
        """R-TOOL-02: a busy counter loses no scan."""
        self._play('aftersales_tools_lend_fast')
        self.assertEqual((self.puller | self.kit).holder_employee_id, self.he_tao)

    def test_return(self):
        """R-TOOL-04: one scan."""
        self.puller._check_out(self.he_tao)
        self._play('aftersales_tools_return')
        self.assertEqual(self.puller.state, 'in_store')

    def test_kit(self):
        """R-TOOL-02: two scans lend the box; what lacks on return is named."""
        self._play('aftersales_tools_kit')
        self.assertEqual(self.kit.missing_piece_ids.name, "E14")

    def test_damage(self):
        """R-TOOL-08: a scan and two clicks."""
        self.puller._check_out(self.he_tao)
        self._play('aftersales_tools_damage')
        self.assertEqual(self.puller.state, 'repair')

    def test_who_has_it(self):
        """R-DOC-22: one search."""
        self.puller._check_out(self.he_tao)
        self._play('aftersales_tools_search')

    def test_expired_calibration(self):
        """R-TOOL-11: refused, another one named, sent to calibration with one click."""
        self._set_gate('tool_calibration', 'block')
        self._play('aftersales_tools_refused')
        self.assertEqual(self.expired.state, 'calibration')

    def test_signature(self):
        """R-TOOL-02: signed before it leaves, two clicks."""
        self._set_gate('tool_signature', 'block')
        self._play('aftersales_tools_sign')
        self.assertTrue(self.puller._open_moves().signed_at)

    def test_keyboard_alone(self):
        """R-TOOL-02: no mouse: names by arrows, buttons by Tab, and the scan field takes the focus back after a press."""
        self._play('aftersales_tools_keyboard')
        self.assertEqual(self.puller.state, 'repair')

    def test_keeper_takes_a_tool_himself(self):
        """R-TOOL-02: a second badge and a signature, and the second person need not scan again for the next tool."""
        self._set_gate('tool_signature', 'block')
        self._set_gate('tool_self_loan', 'block')
        self._play('aftersales_tools_second')
        loans = (self.puller | self.kit)._open_moves()
        self.assertEqual((loans.second_id, loans.dest_employee_id), (self.he_tao, self.keeper))
        self.assertTrue(all(loans.mapped('signed_at')))
