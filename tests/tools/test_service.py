from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestToolService(AftersalesCommon):
    """R-TOOL-11: calibration and maintenance by plan, with certificates and reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_tool_room()
        cls.today = cls.company._aftersales_today()
        cls.category = cls._make_tool_category("Torque wrenches", calibration_months=12, maintenance_months=6)
        cls.tool = cls._make_tool("Wrench", cls.category, calibration_due=cls.today + timedelta(days=5))
        cls.Service = cls.env['aftersales.tool.service'].with_user(cls.keeper_user)

    def test_a_passed_calibration_moves_the_day(self):
        """R-TOOL-11: by the months of the category; the certificate stays."""
        service = self.Service.create({'tool_id': self.tool.id, 'certificate_no': "JL-2026-88", 'attachment_ids': [
            (0, 0, {'name': 'cert.pdf', 'raw': b'%PDF'})]})
        self.assertEqual(self.tool.calibration_due, service.valid_until)
        self.assertEqual(service.valid_until.year, self.today.year + 1)
        self.assertEqual(service.attachment_ids.name, 'cert.pdf')

    def test_a_failed_calibration_blocks_lending(self):
        self.Service.create({'tool_id': self.tool.id, 'result': 'failed'})
        with self.assertBlocked('TOO-20'):
            self.tool._check_out(self.tech)

    def test_back_from_calibration_is_recorded_with_its_certificate(self):
        self.tool._send_calibration("Institute")
        self.tool._receive_calibration(certificate=('JL-77.pdf', b'%PDF'))
        service = self.tool.service_ids.with_user(self.keeper_user)
        self.assertRecordValues(service, [{'kind': 'calibration', 'certificate_no': 'JL-77.pdf',
                                           'valid_until': self.tool.calibration_due}])
        self.assertEqual(service.attachment_ids.name, 'JL-77.pdf')

    def test_an_older_paper_moves_nothing(self):
        before = self.tool.calibration_due
        self.Service.create({'tool_id': self.tool.id})
        after = self.tool.calibration_due
        self.Service.create({'tool_id': self.tool.id, 'done_on': self.today - timedelta(days=300)})
        self.assertEqual(self.tool.calibration_due, after)
        self.assertNotEqual(before, after)

    def test_the_keeper_is_reminded_once(self):
        """R-TOOL-11: an activity before the day; done by the service."""
        self.company.aftersales_tool_service_notice_days = 14
        tools = self.env['aftersales.tool']
        self.assertEqual(tools._remind_services(self.company).ids, self.tool.ids)
        self.assertFalse(tools._remind_services(self.company))
        activity = self.tool.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.keeper_user, self.tool.calibration_due))
        self.Service.create({'tool_id': self.tool.id})
        self.assertFalse(self.tool.activity_ids)

    def test_maintenance_has_its_own_plan(self):
        self.Service.create({'tool_id': self.tool.id, 'kind': 'maintenance'})
        self.assertTrue(self.tool.maintenance_due)
        self.assertEqual(self.tool.next_service_due, min(self.tool.calibration_due, self.tool.maintenance_due))

    def test_what_was_done_stays(self):
        service = self.Service.create({'tool_id': self.tool.id})
        service.note = "Paper follows"
        with self.assertBlocked('TOO-81'):
            service.result = 'failed'
        with self.assertBlocked('TOO-81'):
            service.sudo().unlink()
        with self.assertRaises(AccessError):
            self.Service.with_user(self.tech.user_id).create({'tool_id': self.tool.id})

    def test_a_reversed_return_from_calibration_takes_its_date_along(self):
        """R-TOOL-11: the wrong tool was scanned: it is in calibration again, with its old day."""
        before = self.tool.calibration_due
        self.tool._send_calibration("Institute")
        back = self.tool._receive_calibration(self.today + timedelta(days=700))
        back._reverse("The other wrench")
        self.assertEqual((self.tool.state, self.tool.calibration_due), ('calibration', before))
        self.Service.create({'tool_id': self.tool.id, 'done_on': self.today - timedelta(days=30)})
        self.assertEqual(self.tool.calibration_due.year, (self.today - timedelta(days=30)).year + 1)

    def test_renewal_list(self):
        """R-TOOL-14: equipment with its age, by the year in which it is to be renewed; a filter names this year's."""
        lifts = self._make_tool_category("Lifts", service_life_months=120)
        old = self._make_tool("Lift 1", lifts, bought_on=self.today.replace(year=self.today.year - 11))
        young = self._make_tool("Lift 2", lifts, bought_on=self.today)
        self.assertAlmostEqual(old.age_years, 11, 1)
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_action_renewal')
        found = self.env['aftersales.tool'].search([*literal_eval(action['domain']), ('category_id', '=', lifts.id)])
        self.assertEqual(found.ids, (old | young).ids)
        arch = etree.fromstring(self.env['aftersales.tool'].get_view(view_type='search')['arch'])
        self.assertIsNotNone(arch.find('.//filter[@name="by_renewal"]'))
        domain = literal_eval(arch.find('.//filter[@name="renew"]').get('domain'))
        self.assertEqual(found.filtered_domain(domain).ids, old.ids)
        old._dispose("Scrapped")
        self.assertNotIn(old.id, self.env['aftersales.tool'].search(literal_eval(action['domain'])).ids)
