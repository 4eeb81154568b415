from odoo.tests import tagged

from .common import DeskHttpCase


@tagged('is_tour')
class TestOldPartsTours(DeskHttpCase):
    """The old-parts desk within the scans and clicks of docs/desks.md, played by a keeper and a technician."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper_user = cls._make_user('parts_keeper', login='test_old_keeper', name="Keeper Fang")
        cls._make_employee("Keeper Fang", cls.keeper_user)
        cls.pump = cls._make_part("Water pump", cost=200.0, price=452.0, on_hand=60, default_code='WP-TOUR')
        cls.place = cls.warehouse.aftersales_old_parts_location_id
        cls.env['stock.location'].create(
            {'name': "OLD-TOUR", 'barcode': "OLD-TOUR", 'location_id': cls.place.id, 'company_id': cls.company.id})

    def _play(self, tour, path='old-parts-desk', login='test_old_keeper'):
        self._open(path, tour, login)
        self.env.invalidate_all()

    def test_tag_and_store(self):
        """R-WAR-06: one scan and one click tag it; shelf and tag store it without a click."""
        order = self._make_old_part_order([self.pump])
        self._play('aftersales_old_parts_store')
        self.assertEqual((order.old_part_ids.state, order.old_part_ids.location_id.name), ('stored', "OLD-TOUR"))

    def test_box_of_thirty(self):
        """R-WAR-07: 30 scans and 2 clicks send a box of 30 old parts."""
        order = self._make_old_part_order([(self.pump, 30)])
        parts = self.env['aftersales.old.part']
        for number in range(30):
            part = self._keep_old_part(order.line_ids, 1).sudo()
            part._guarded().write({'name': f'OP-TOUR-{number}'})
            parts |= part
        shipment = self.env['aftersales.old.part.shipment'].create({'partner_id': parts.owner_id.id, 'company_id': self.company.id})
        shipment._guarded().write({'name': 'OS-TOUR'})
        self._play('aftersales_old_parts_ship')
        self.assertEqual((shipment.state, shipment.part_count), ('shipped', 30))
        self.assertFalse(self._old_part_findings())

    def test_hand_over(self):
        """R-WAR-09: the customer signs for his old part."""
        order = self._make_old_part_order([self.pump], payer_kind='customer', old_part_wish='take')
        part = self._keep_old_part(order.line_ids).sudo()
        part._guarded().write({'name': 'OP-TOUR-CUSTOMER'})
        self._play('aftersales_old_parts_hand')
        self.assertEqual((part.state, bool(part.handed_signature)), ('handed', True))

    def test_technician(self):
        """R-WAR-06: photo and tag on the phone in three clicks."""
        order = self._make_order(self._make_vehicle(partner_id=self.customer.id), parts=[self.pump], payer_kind='warranty')
        self._approve(order)
        self._issue(order)
        order.job_ids.write({'cause': "Worn", 'correction': "Replaced"})
        order._dispatch(technicians=self.he_tao)
        self._play('aftersales_old_parts_technician', 'technician', 'test_technician')
        part = order.old_part_ids
        self.assertEqual((part.state, part.tagged_by_id, part.photo_count), ('tagged', self.technician, 1))
