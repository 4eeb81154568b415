from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..common import SIGNATURE, AftersalesCommon


class TestReadiness(AftersalesCommon):
    """Twelve lights from the facts of the order; red ones keep the claim at home."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_claims()
        cls._make_terms()

    def _lights(self, claim):
        claim.invalidate_recordset()
        return {code: (light.colour, light.why) for code, light in claim._readiness()[claim].items()}

    def _light(self, claim, code):
        return self._lights(claim)[code]

    def test_signed_before_work(self):
        """Anchor (c) 2: green when the customer signed before the first clock, red when after."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'signature'), ('green', 'signed_before'))
        times = self.env['aftersales.labour.time'].search([('order_id', '=', claim.order_id.id)])
        times._guarded().write({'start': times.start - timedelta(hours=9)})
        self.assertEqual(self._light(claim, 'signature'), ('red', 'signed_after'))

    def test_three_c(self):
        """R-WAR-11: concern, cause, correction; what is written on the job stands on the claim."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'three_c')[0], 'green')
        claim.correction = claim.cause
        self.assertEqual(self._light(claim, 'three_c'), ('amber', 'text_copied'))
        claim.correction = False
        self.assertEqual(self._light(claim, 'three_c'), ('red', 'text_missing'))

    def test_additional_work_is_agreed_first(self):
        """Anchor (c) 2: work that came up later was agreed before its first clock."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'consent'), ('green', 'no_supplement'))
        claim.job_id.sudo().origin = 'additional'
        self.assertEqual(self._light(claim, 'consent'), ('green', 'supplement_before'))
        times = self.env['aftersales.labour.time'].search([('order_id', '=', claim.order_id.id)])
        times._guarded().write({'start': times.start - timedelta(hours=9)})
        self.assertEqual(self._light(claim, 'consent'), ('red', 'supplement_after'))

    def test_clocks(self):
        """Anchor (c) 2: no overlap, enough of the claimed hours, by somebody qualified."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'clocks'), ('green', 'clock_clean'))
        self.assertEqual(self._light(claim, 'hours'), ('red', 'hours_short'))
        time = self.env['aftersales.labour.time'].search([('order_id', '=', claim.order_id.id)])
        time._guarded().write({'stop': time.start + timedelta(minutes=30)})
        self.assertEqual(self._light(claim, 'hours'), ('amber', 'hours_short'))
        time._guarded().write({'stop': time.start + timedelta(minutes=50)})
        self.assertEqual(self._light(claim, 'hours'), ('green', 'hours_covered'))
        self.assertEqual(self._light(claim, 'training'), ('amber', 'ungraded'))
        time.employee_id.aftersales_skill = '1_helper'
        self.assertEqual(self._light(claim, 'training'), ('red', 'unskilled'))
        time.employee_id.aftersales_skill = '3_senior'
        self.assertEqual(self._light(claim, 'training'), ('green', 'skilled'))
        other = self.env['aftersales.labour.time']._guarded().create({
            'employee_id': time.employee_id.id, 'operation_id': time.operation_id.id,
            'start': time.stop, 'stop': time.stop + timedelta(minutes=20),
        })
        self.env.flush_all()
        # The clock refuses an overlap, a correction of old rows in the database would not.
        self.env.cr.execute(
            "UPDATE aftersales_labour_time SET start = start - interval '30 minutes' WHERE id = %s", [other.id])
        self.assertEqual(self._light(claim, 'clocks'), ('red', 'clock_overlap'))

    def test_causal_part_comes_from_this_order(self):
        """Anchor (c) 2: named, and issued on this order."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'causal'), ('green', 'causal_issued'))
        claim.causal_line_id = False
        claim.causal_product_id = self.claim_part
        self.assertEqual(self._light(claim, 'causal'), ('red', 'causal_not_issued'))
        claim.causal_product_id = False
        self.assertEqual(self._light(claim, 'causal'), ('red', 'no_causal'))

    def test_old_part(self):
        """R-WAR-06: tagged and photographed, or exempt with a reason."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'old_part'), ('red', 'not_tagged'))
        line = claim.line_ids.line_id.filtered(lambda line: line.kind == 'part')
        tag = line.sudo()._tag_old_part()
        self.assertEqual(self._light(claim, 'old_part'), ('amber', 'no_photo'))
        self.env['ir.attachment'].create({
            'name': "tag.png", 'res_model': tag._name, 'res_id': tag.id, 'datas': SIGNATURE, 'mimetype': 'image/png'})
        self.assertEqual(self._light(claim, 'old_part'), ('green', 'tagged'))

    def test_old_part_exempt(self):
        """R-WAR-06: an exemption with a reason is amber, not red."""
        claim = self._make_claim()
        line = claim.line_ids.line_id.filtered(lambda line: line.kind == 'part')
        line.with_user(self.clerk)._exempt_old_part(self._reason('old_part'), "Destroyed by fire")
        self.assertEqual(self._light(claim, 'old_part'), ('amber', 'exempt'))

    def test_repeat_repair(self):
        """Anchor (c) 2: the same part on the same car within 90 days must be declared."""
        first = self._make_warranty_order()
        first.create_date = fields.Datetime.subtract(fields.Datetime.now(), days=20)
        first.flush_recordset()
        self.env.cr.execute(
            "UPDATE aftersales_repair_order SET create_date = create_date - interval '20 days' WHERE id = %s", [first.id])
        order = self._make_order(first.vehicle_id, parts=[self.claim_part], payer_kind='warranty')
        self._approve(order)
        claim = self._make_claim(order)
        self.assertEqual(self._light(claim, 'repeat'), ('red', 'repeat_hidden'))
        self.assertEqual(claim.action_view_former_order()['res_id'], first.id)
        claim.repeat_flagged = True
        self.assertEqual(self._light(claim, 'repeat'), ('amber', 'repeat_flagged'))
        self.company.aftersales_claim_repeat_days = 10
        claim.repeat_flagged = False
        self.assertEqual(self._light(claim, 'repeat'), ('green', 'first_time'))

    def test_odometer(self):
        """Anchor (c) 2: a reading, and none below the one before."""
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'odometer'), ('red', 'no_reading'))
        claim.odometer = 12000
        self.assertEqual(self._light(claim, 'odometer'), ('green', 'reading_fits'))
        self.env['aftersales.vehicle.odometer']._guarded().create({
            'vehicle_id': claim.vehicle_id.id, 'value': 30000,
            'date': fields.Datetime.subtract(fields.Datetime.now(), days=30),
        })
        self.assertEqual(self._light(claim, 'odometer'), ('red', 'reading_wrong'))
        claim.odometer = 31000
        self.assertEqual(self._light(claim, 'odometer'), ('green', 'reading_fits'))
        claim.odometer = 99000
        self.assertEqual(self._light(claim, 'odometer'), ('amber', 'reading_jump'))

    def test_deadline(self):
        """R-WAR-11: repair end + days of the brand; amber three days before, red after; the late list shows it."""
        claim = self._make_claim()
        today = self.company._aftersales_today()
        self.assertEqual(claim.deadline, fields.Date.add(today, days=30))
        self.assertEqual(self._light(claim, 'deadline'), ('green', 'in_time'))
        claim.repaired_at = fields.Datetime.subtract(fields.Datetime.now(), days=28)
        self.assertEqual(self._light(claim, 'deadline'), ('amber', 'soon'))
        claim.repaired_at = fields.Datetime.subtract(fields.Datetime.now(), days=32)
        self.assertEqual(self._light(claim, 'deadline'), ('red', 'late'))
        self.assertIn(claim, claim.search([('is_late', '=', True)]))
        self.assertNotIn(claim, claim.search([('is_late', '=', False)]))

    def test_sublet_papers(self):
        """Anchor (c) 2: subcontracted work is accepted and its bill is there."""
        sublet = self.env['product.product'].create({'name': "Turning", 'type': 'service', 'list_price': 113.0})
        claim = self._make_claim()
        self.assertEqual(self._light(claim, 'sublet'), ('green', 'no_sublet'))
        order = self._make_order(payer_kind='warranty', parts=[self.claim_part])
        line = order._add_line(order.job_ids, kind='sublet', product_id=sublet.id)
        self._approve(order)
        claim = self._make_claim(order)
        self.assertEqual(self._light(claim, 'sublet'), ('red', 'sublet_open'))
        line._order_sublet(self._make_customer("Turner"), 50.0)
        line._accept_sublet()
        self.assertEqual(self._light(claim, 'sublet'), ('amber', 'sublet_unbilled'))

    def test_red_light_keeps_the_claim_at_home(self):
        """R-WAR-11: block with override; a manager passes one light with a reason, no other; off lets it go."""
        claim = self._make_claim()
        claim._check()
        self._only_gates()
        self._set_gate('claim_readiness', 'override')
        codes = self._codes(claim, 'submitted')
        self.assertTrue({'WAR-47', 'WAR-50', 'WAR-52'} <= codes, codes)
        with self.assertBlocked('WAR-47', UserError):
            claim._submit()
        with self.assertBlocked('BAS-03', UserError):
            claim._override('submitted', self._reason('override'))
        boss = claim.with_user(self._role('service_manager'))
        one = [blocker for blocker in boss._open_blockers('submitted')[boss] if blocker.code == 'WAR-47']
        boss._override('submitted', self._reason('override'), "Clock was broken", one)
        self.assertEqual(self._codes(claim, 'submitted'), codes - {'WAR-47'})
        boss._override('submitted', self._reason('override'), "All papers seen")
        claim._submit()
        self.assertEqual(claim.state, 'submitted')

    def test_red_light_with_the_gate_off(self):
        """R-WAR-11: the gate off, the claim goes."""
        claim = self._make_claim()
        self.assertEqual(self._codes(claim, 'submitted'), set())
        claim._check()
        claim._submit()
        self.assertEqual(claim.state, 'submitted')

    def test_lights_of_a_list_cost_the_same(self):
        """Twelve lights of 80 claims: no query per claim."""
        claim = self._make_claim()
        self._make_claim()
        claims = claim.search([])
        many = claims.browse(claims.ids)
        self._readiness_queries(many[:1])  # warm
        one, two = self._readiness_queries(many[:1]), self._readiness_queries(many)
        self.assertEqual(one, two)
        self.assertLess(two, 40)

    def _readiness_queries(self, claims):
        claims.env.invalidate_all()
        before = self.env.cr.sql_log_count
        claims.mapped('readiness')
        return self.env.cr.sql_log_count - before
