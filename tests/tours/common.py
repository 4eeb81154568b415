"""A shop for the desks: packages, parts with barcodes, technicians with badges, the small shop's levels."""

from odoo import Command

from ..common import AftersalesCommon, AftersalesHttpCase

# A picture of one pixel, as a camera or a signature pad would send it.
PIXEL = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='


class DeskFactory(AftersalesCommon):
    """Small-shop levels, one user a role, what the desks sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.action_aftersales_apply_defaults('small')
        cls._open_till()
        cls._make_labour_rate(200.0)
        cls.env['aftersales.vehicle'].create(
            {
                'license_plate': '苏E88888',
                'partner_id': cls.customer.id,
                'company_id': cls.company.id,
            }
        )
        cls.labour = cls._make_labour_item("Change oil", 'L-1', book_hours=0.5)
        cls.fluid = cls._make_labour_item("Change brake fluid", 'L-2', book_hours=0.5)
        cls.package = cls.env['aftersales.package'].create(
            {
                'name': "Small service",
                'company_id': cls.company.id,
                'line_ids': [Command.create({'kind': 'labour', 'labour_item_id': cls.labour.id})],
            }
        )
        cls.fluid_package = cls.env['aftersales.package'].create(
            {
                'name': "Brake fluid",
                'company_id': cls.company.id,
                'line_ids': [Command.create({'kind': 'labour', 'labour_item_id': cls.fluid.id})],
            }
        )
        cls.advisor = cls._make_user('advisor', login='test_advisor', name="Advisor Gu")
        cls._make_employee("Advisor Gu", user=cls.advisor)
        cls.listener = cls._make_user('advisor', login='test_listener', name="Listener Duan")
        cls.technician = cls._make_user('technician', login='test_technician', name="He Tao")
        cls.he_tao = cls._make_employee("He Tao", user=cls.technician, barcode='BADGE7')
        cls.team = cls.env['aftersales.team'].create(
            {
                'name': "Team 1",
                'company_id': cls.company.id,
                'trade': 'mechanical',
                'leader_id': cls.he_tao.id,
                'member_ids': [Command.set(cls.he_tao.ids)],
            }
        )

    @classmethod
    def _walk_in(cls, plate='苏E7H30N', **values):
        """Take a car in as the advisor, the way the sheet does."""
        desk = cls.env['aftersales.desk.advisor'].with_user(cls.advisor)
        result = desk.walk_in(
            plate,
            **{
                'package_ids': cls.package.ids,
                'photos': [PIXEL],
                'signature': PIXEL,
                'name': "Ms Shen",
                'odometer': 46812,
                **values,
            },
        )
        return cls.env['aftersales.repair.order'].browse(result['order_id'])

    @classmethod
    def _dispatched(cls, **values):
        """Return a walk-in; the small shop gives its work to the only team at once."""
        order = cls._walk_in(**values)
        assert order.operation_ids.team_id == cls.team
        return order

    @classmethod
    def _finished(cls, **values):
        """Return a walk-in whose work He Tao has finished and checked himself."""
        order = cls._dispatched(**values)
        operations = order.operation_ids.with_user(cls.technician)
        operations.action_start()
        operations.action_self_check()
        return order


class DeskHttpCase(DeskFactory, AftersalesHttpCase):
    """A browser at a desk."""

    def _open(self, path, tour, login):
        self.start_tour(f'/odoo/{path}', tour, login=login)
