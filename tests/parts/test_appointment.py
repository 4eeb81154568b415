from odoo import fields

from ..common import AftersalesCommon


class TestAppointmentParts(AftersalesCommon):
    """Labour and parts of an appointment are ready: R-PROC-06, R-PROC-01."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_labour_rate(price_per_hour=200.0)
        cls.part = cls._make_part("Filter", price=50.0, on_hand=3)
        cls.vehicle = cls._make_vehicle()
        cls.appointment = cls.env['aftersales.appointment'].create({
            'partner_id': cls.customer.id, 'vehicle_id': cls.vehicle.id, 'company_id': cls.company.id, 'direction': 'passive',
            'start_at': fields.Datetime.add(fields.Datetime.now(), days=1), 'wish': "Service",
            'line_ids': [
                (0, 0, {'kind': 'labour', 'labour_item_id': cls._make_labour_item().id}),
                (0, 0, {'kind': 'part', 'product_id': cls.part.id, 'quantity': 2}),
            ],
        })

    def test_confirming_reserves_and_arriving_takes_up(self):
        """R-PROC-06: two of three filters are kept from the confirmation on, and the visit works on the same order."""
        self.appointment.with_user(self._role('receptionist'))._confirm()
        order = self.appointment.order_id
        self.assertRecordValues(order, [{'amount_total': 300.0, 'state': 'draft'}])
        self.part.invalidate_recordset(['free_qty'])
        self.assertEqual(self.part.with_context(warehouse_id=self.warehouse.id).free_qty, 1.0)
        visit = self.env['aftersales.visit'].create({
            'vehicle_id': self.vehicle.id, 'company_id': self.company.id, 'appointment_id': self.appointment.id,
        })
        visit._arrive()
        self.assertEqual(visit._create_order(), order)

    def test_cancelling_gives_the_parts_back(self):
        """R-PROC-06: a cancelled appointment keeps nothing."""
        self.appointment._confirm()
        order = self.appointment.order_id
        self.appointment._cancel(self._reason('cancel'))
        self.part.invalidate_recordset(['free_qty'])
        self.assertEqual(self.part.with_context(warehouse_id=self.warehouse.id).free_qty, 3.0)
        self.assertEqual((order.outcome, self.appointment.order_id), ('cancelled', self.env['aftersales.repair.order']))
