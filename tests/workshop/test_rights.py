from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestRights(AftersalesCommon):
    """Who sees and does what in the workshop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item(book_hours=1.0)
        cls.mine = cls._make_signed_order(labour=[cls.item], wash_wanted=False)
        cls.other = cls._make_signed_order(labour=[cls.item], vehicle=cls._make_vehicle(), wash_wanted=False)
        cls.operation = cls._dispatch(cls.mine)

    def _sees(self, user, records):
        return records & records.with_user(user).search([('id', 'in', records.ids)]).with_env(records.env)

    def test_technicians_see_what_was_dispatched_to_them(self):
        """R-ROLE-13: orders, jobs, lines, operations, checks only of dispatched orders; planned work not yet."""
        tech = self.tech.user_id
        both = self.mine | self.other
        self.assertEqual(self._sees(tech, both), self.mine)
        self.assertEqual(self._sees(tech, both.job_ids), self.mine.job_ids)
        self.assertEqual(self._sees(tech, both.line_ids), self.mine.line_ids)
        planned = self.other._plan(team_id=self.team.id, technician_ids=[(6, 0, self.tech.ids)])
        self.assertFalse(self._sees(tech, planned))
        self.assertEqual(self._sees(tech, self.operation), self.operation)
        with self.assertRaises(AccessError):
            self.other.with_user(tech).read(['name'])
        with self.assertRaises(AccessError):
            self.other.with_user(tech)._check('self', True)
        with self.assertRaises(AccessError):
            planned.with_user(tech).action_start()
        self._do_work(self.operation, self.tech)
        check = self.mine._check('self', True, self.tech)
        self.assertEqual(self._sees(tech, check), check)
        outsider = self._make_user('technician', login='outsider_tech')
        self._make_employee("Outsider", outsider)
        self.assertFalse(
            self._sees(outsider, both) or self._sees(outsider, check) or self._sees(outsider, self.operation.time_ids)
        )
        self.assertFalse(self._sees(self.tech2.user_id, self.operation.time_ids), "a colleague's clock is not his")

    def test_the_team_sees_the_teams_work(self):
        """R-ROLE-12, R-ROLE-13: an operation of the team is visible to each member and the leader."""
        operation = self._dispatch(self.other, technicians=None)
        self.assertEqual(self._sees(self.tech2.user_id, operation), operation)
        self.assertEqual(self._sees(self.leader.user_id, operation | self.operation), operation | self.operation)

    def test_who_holds_another_desk_sees_all(self):
        """R-ROLE-13: in a small shop the technician who also keeps the parts or receives sees every order."""
        both = self.mine | self.other
        for role in ('parts_keeper', 'receptionist', 'cashier', 'inspector'):
            user = self._make_user('technician', role, login=f'tech_{role}')
            self.assertEqual(self._sees(user, both), both, role)
        for role in (
            'advisor',
            'dispatcher',
            'inspector',
            'parts_keeper',
            'cashier',
            'report_reader',
            'general_manager',
            'gate_guard',
            'service_manager',
        ):
            self.assertEqual(self._sees(self._role(role), both), both, role)

    def test_technicians_change_no_order(self):
        """R-ROLE-13: no write on order, job, line or operation; everything goes through the verbs."""
        for records in (self.mine, self.mine.job_ids, self.mine.line_ids, self.operation):
            for verb in ('write', 'create', 'unlink'):
                self.assertFalse(records.with_user(self.tech.user_id).has_access(verb), f"{verb} {records}")

    def test_another_companys_workshop_is_out_of_sight(self):
        """R-ROLE-10: teams, bays, operations, clocks and checks of another company are neither seen nor used."""
        self._do_work(self.operation)
        check = self.mine._check('self', True, self.tech)
        company = self._make_company("Second Motors")
        stranger = self._make_user('workshop_supervisor', login='second_supervisor')
        stranger.write({'company_ids': [(6, 0, company.ids)], 'company_id': company.id})
        for records in (self.team, self.bay, self.operation, self.operation.time_ids, check, self.mine.handover_ids):
            theirs = records.with_context(allowed_company_ids=company.ids).with_user(stranger)
            self.assertFalse(theirs.search([('id', 'in', records.ids)]), records._name)
            with self.assertRaises(AccessError):
                theirs.read(['id', 'company_id'])
        with self.assertRaises(AccessError):
            self.operation.with_context(allowed_company_ids=company.ids).with_user(stranger).action_start()
        team = self.env['aftersales.team'].create({'name': "Their team", 'company_id': company.id})
        open_operation = self._dispatch(self.other)
        with self.assertRaisesRegex(Exception, "company|Company"):
            open_operation.team_id = team

    def test_public_methods_respect_the_reader(self):
        """R-ROLE-13: what a technician's phone calls is refused on a car that was not dispatched to him."""
        stranger = self._make_user('technician', login='stranger_tech')
        self._make_employee("Stranger", stranger)
        operation, order = self.operation.with_user(stranger), self.mine.with_user(stranger)
        calls = (
            operation.action_accept,
            operation.action_start,
            operation.action_pause,
            operation.action_stop,
            operation.action_finish,
            lambda: operation.action_record(text="x"),
            operation.action_self_check,
            lambda: operation.action_report_extra("x"),
            operation._confirm_previous,
            operation.action_approve_special,
            operation.action_reopen,
            lambda: order.action_check_pass('final'),
            lambda: order.action_check_fail('final'),
            order._start_wash,
            order._finish_wash,
            lambda: order._road_test(1, 2),
            lambda: order._move_car('bay'),
            order.action_log_progress,
            lambda: order.action_report_delay('2030-01-01 00:00:00'),
            order.action_customer_informed,
        )
        for call in calls:
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.operation.state, 'dispatched')

    def test_configuration_belongs_to_the_supervisor(self):
        """R-ROLE-10: teams and bays are set by the supervisor, lists of inspection also by inspectors."""
        with self.assertRaises(AccessError):
            self.env['aftersales.bay'].with_user(self._role('team_leader')).create({'name': "x"})
        with self.assertRaises(AccessError):
            self.bay.with_user(self._role('advisor')).write({'name': "x"})
        with self.assertRaises(AccessError):
            self.team.with_user(self._role('dispatcher')).write({'member_ids': [(5,)]})
        self.team.with_user(self._role('workshop_supervisor')).write({'member_ids': [(6, 0, self.tech.ids)]})
        self.assertEqual(self.team.member_ids, self.tech)
        self.env['aftersales.quality.defect'].with_user(self._role('inspector')).create(
            {'name': "Squeak", 'code': "Z9"}
        )

    def test_set_up_check_says_what_the_workshop_lacks(self):
        """R-ROLE-10: technicians, logins, teams and working hours are part of the set-up check."""
        checks = {check['code']: check['ok'] for check in self.company._aftersales_setup_checks()}
        self.assertTrue(
            checks['workshop_people']
            and checks['workshop_teams']
            and checks['workshop_calendar']
            and checks['workshop_logins']
        )
        self._make_employee("No login")
        self.team.member_ids = False
        checks = {check['code']: check['ok'] for check in self.company._aftersales_setup_checks()}
        self.assertFalse(checks['workshop_logins'] or checks['workshop_teams'])
