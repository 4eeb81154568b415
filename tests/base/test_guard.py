from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import AftersalesCommon


class TestGuardedFields(AftersalesCommon):
    """Facts are recorded by verbs only: no write by hand, RPC, import or default, not even as superuser."""

    def setUp(self):
        super().setUp()
        self.employee = self._make_employee()
        self.proposal = self.env['aftersales.conduct.proposal']._propose('fact', self.employee, None, "Late")
        self.profile = self.company._aftersales_profile('standard')

    def test_write_is_refused_for_the_superuser_too(self):
        for user in (self.env.user, self._role('general_manager'), self.env.ref('base.user_root')):
            with self.assertBlocked('BAS-01', UserError):
                self.proposal.with_user(user).sudo().write({'state': 'taken'})
        self.assertEqual(self.proposal.state, 'new')

    def test_the_message_names_field_and_model(self):
        with self.assertRaises(UserError) as caught:
            self.proposal.write({'state': 'taken'})
        self.assertIn("State", str(caught.exception))
        self.assertIn("Conduct proposal", str(caught.exception))

    def test_a_forged_context_key_does_not_open_the_guard(self):
        for forged in (True, 1, 'object', {}, [True]):
            with self.assertBlocked('BAS-01', UserError):
                self.proposal.with_context(aftersales_guard=forged).write({'state': 'taken'})

    def test_the_key_opens_it_in_process(self):
        self.proposal._guarded().write({'state': 'taken'})
        self.assertEqual(self.proposal.state, 'taken')

    def test_created_records_come_back_without_the_key(self):
        again = self.env['aftersales.conduct.proposal']._propose('fact', self.employee, None, "Late again")
        with self.assertBlocked('BAS-01', UserError):
            again.write({'summary': "Never late"})

    def test_create_refuses_facts(self):
        with self.assertBlocked('BAS-01', UserError):
            self.env['aftersales.profile'].create({'code': 'standard', 'company_id': self.company.id})

    def test_defaults_of_the_context_are_no_way_in(self):
        self.profile.with_context(module_uninstall=True).unlink()
        profiles = self.env['aftersales.profile'].with_context(
            default_code='standard', default_company_id=self.company.id,
        )
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            profiles.create({'custom_name': "By the back door"})

    def test_writing_what_is_no_fact_is_free(self):
        self.profile.write({'note': "For most cars"})
        self.assertEqual(self.profile.note, "For most cars")
