from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..common import AftersalesCommon


class TestDispatch(AftersalesCommon):
    """Hand-over to the workshop, dispatch, acceptance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_workshop()
        cls._make_labour_rate()
        cls.item = cls._make_labour_item(book_hours=2.0)
        cls.pad = cls._make_part()
        cls.order = cls._make_signed_order(parts=[cls.pad], labour=[cls.item])

    # === HAND-OVER === #

    def test_hand_over_stamps_receiver_and_time(self):
        """R-PROC-53, R-PROC-54: receiver, time and what went along are kept; now is the default."""
        handover = self.order._hand_over(self.dispatcher)
        self.assertEqual(handover.receiver_id, self.dispatcher)
        self.assertLess(abs(handover.at - fields.Datetime.now()), timedelta(minutes=1))
        self.assertTrue(handover.has_key and handover.has_order and handover.has_sheet)
        self.assertEqual(self.order.handover_id, handover)

    def test_key_holder_becomes_the_receiver(self):
        """R-PROC-54: the key in custody is with the workshop after the hand-over."""
        visit = self.order.visit_id
        key = self.env['aftersales.custody'].create({'visit_id': visit.id, 'kind': 'key', 'number': 'K7'})
        self.order._hand_over(self.dispatcher)
        self.assertEqual(key.holder_id, self.dispatcher)

    def test_time_off_by_more_than_ten_minutes_needs_a_reason(self):
        """R-PROC-53: ten minutes are precise, eleven need a reason at block, none when the gate is off."""
        now = fields.Datetime.now()
        self.order._hand_over(self.dispatcher, at=now - timedelta(minutes=10))
        late = now - timedelta(minutes=12)
        with self.assertBlocked('WRK-45'):
            self.order._hand_over(self.dispatcher, at=late)
        self.assertEqual(
            self.order._hand_over(self.dispatcher, at=late, reason="Computer was down").late_reason, "Computer was down"
        )
        self._set_gate('handover_precision', 'off')
        self.assertEqual(self.order._hand_over(self.dispatcher, at=late).at, late)
        with self.assertBlocked('WRK-47'):
            self.order._hand_over(self.dispatcher, at=now + timedelta(minutes=5))

    def test_papers_go_along(self):
        """R-PROC-54: without intake sheet no hand-over at block; off lets it pass."""
        with self.assertBlocked('WRK-48'):
            self.order._hand_over(self.dispatcher, has_sheet=False)
        self._set_gate('handover_papers', 'off')
        self.assertFalse(self.order._hand_over(self.dispatcher, has_sheet=False).has_sheet)

    def test_no_dispatch_before_the_hand_over(self):
        """R-PROC-53: dispatch waits for the hand-over at block; off stamps it by dispatching."""
        with self.assertBlocked('WRK-30'):
            self.order._dispatch(team=self.team)
        self._set_gate('handover_stamp', 'off')
        self.order._dispatch(team=self.team)
        self.assertTrue(self.order.handover_id.is_auto)

    # === DISPATCH === #

    def test_dispatch_makes_one_operation_per_trade_with_scope_and_due_time(self):
        """R-ROLE-11, R-DOC-03: scope lines, due time, team, bay, technicians; the order is in progress."""
        paint = self._make_labour_item("Respray door", trade='paint', book_hours=3.0)
        body = self._make_labour_item("Straighten door", trade='body', book_hours=4.0)
        order = self._make_signed_order(labour=[paint, body])
        self.assertEqual(order.state, 'authorised')
        operations = self._dispatch(order)
        self.assertEqual(operations.mapped('trade'), ['body', 'paint'], "body comes before paint")
        self.assertEqual(operations.mapped('planned_hours'), [4.0, 3.0])
        self.assertIn("Straighten door", operations[0].scope)
        self.assertNotIn("Respray", operations[0].scope)
        self.assertEqual(set(operations.mapped('due_at')), {order.promised_at})
        self.assertEqual(operations.technician_ids, self.tech)
        self.assertEqual(set(operations.mapped('state')), {'dispatched'})
        self.assertEqual(order.state, 'in_progress')
        self.assertEqual(order.line_ids.mapped('operation_id'), operations.sorted('sequence', reverse=True))

    def test_dispatch_needs_scope_and_due_time(self):
        """R-ROLE-11: refused without scope lines and due time at block, allowed when both gates are off."""
        self._set_gate('promise_given', 'off')
        order = self._make_signed_order(promised_at=False, labour=[self.item])
        order._hand_over(self.dispatcher)
        with self.assertBlocked('WRK-32'):
            order._dispatch(team=self.team)
        self._set_gate('dispatch_due_time', 'off')
        operation = order._dispatch(team=self.team)
        self.assertFalse(operation.due_at)
        empty = self._make_signed_order(parts=[self.pad])
        job = empty.job_ids
        empty._hand_over(self.dispatcher)
        job.line_ids.is_handover = True
        with self.assertBlocked('WRK-31'):
            empty._dispatch(job, team=self.team, due_at=fields.Datetime.now())
        self._set_gate('dispatch_scope', 'off')
        self.assertFalse(empty._dispatch(job, team=self.team, due_at=fields.Datetime.now()).scope)

    def test_only_approved_jobs_are_dispatched(self):
        """R-PROC-59: an unapproved job is refused at block and dispatched when the gate is off."""
        job = self._make_job(self.order, "Noise from the rear", labour=[self._make_labour_item("Rear axle")])
        self.order._hand_over(self.dispatcher)
        with self.assertBlocked('WRK-33'):
            self.order._dispatch(job, team=self.team)
        self._set_gate('approved_only', 'off')
        self.assertEqual(self.order._dispatch(job, team=self.team).job_id, job)

    def test_diagnosis_and_securing_need_no_consent(self):
        """R-PROC-59: securing and diagnosing may be dispatched before anybody agreed; the order is not in progress by it."""
        order = self._make_order(profile='tow_in', labour=[self.item])
        order._hand_over(self.dispatcher)
        operations = order._dispatch(kind='secure', team=self.team, technicians=self.tech)
        self.assertEqual(operations.kind, 'secure')
        self.assertEqual(order.state, 'draft')
        operations._accept(self.leader)
        operations._start(self.tech)
        self.assertEqual(operations.state, 'running')
        self.assertFalse(operations.line_ids, "the lines still wait for the real work")

    def test_dispatch_again_finds_nothing(self):
        """R-PROC-56: what is dispatched is not dispatched twice; a new approved line is."""
        self._dispatch(self.order)
        with self.assertBlocked('WRK-35'):
            self._dispatch(self.order)
        self._make_job(self.order, "Wiper", labour=[self._make_labour_item("Wiper blades", book_hours=0.2)])
        self._approve(self.order)
        self.assertEqual(self._dispatch(self.order).job_id.name, "Wiper")

    def test_parked_jobs_are_not_dispatched(self):
        """R-PROC-56: a parked job waits aside."""
        self.order._hand_over(self.dispatcher)
        self.order.job_ids._park(self._reason('park'))
        with self.assertBlocked('WRK-35'):
            self.order._dispatch(self.order.job_ids, team=self.team)

    def test_least_loaded_team_of_the_trade_is_suggested(self):
        """R-PROC-56, R-ROLE-10: suggestions by trade, open hours and load."""
        spare = self._make_employee("Master He")
        other = self.env['aftersales.team'].create(
            {
                'name': "Team 2",
                'company_id': self.company.id,
                'trade': 'mechanical',
                'member_ids': [(6, 0, spare.ids)],
            }
        )
        painters = self.env['aftersales.team'].create(
            {
                'name': "Paint",
                'company_id': self.company.id,
                'trade': 'paint',
                'member_ids': [(6, 0, self._make_employee("Painter").ids)],
            }
        )
        self._dispatch(self.order)
        second = self._make_signed_order(labour=[self.item])
        second._hand_over(self.dispatcher)
        self.assertEqual(second._dispatch().team_id, other, "Team 1 already has two hours")
        rows = self.env['aftersales.operation']._suggestions(self.company, 'mechanical')
        self.assertEqual({row['team'] for row in rows}, {"Team 1", "Team 2"})
        self.assertNotIn(painters.name, {row['team'] for row in rows})
        self.assertEqual(next(row for row in rows if row['team_id'] == self.team.id)['open_hours'], 2.0)

    def test_small_shop_without_teams_gets_a_technician(self):
        """R-PROC-56: without teams the least loaded technician of the trade takes it; with nobody at all it is refused."""
        self.team.active = False
        self.order._hand_over(self.dispatcher)
        self.tech.aftersales_trade = 'electrical'
        operation = self.order._dispatch()
        self.assertEqual(operation.technician_ids, self.tech2)
        order = self._make_signed_order(labour=[self.item])
        order._hand_over(self.dispatcher)
        self.env['hr.employee'].search([('company_id', '=', self.company.id)]).aftersales_trade = False
        with self.assertBlocked('WRK-36'):
            order._dispatch()

    def test_waiting_customer_comes_first(self):
        """R-PROC-56: waiting customers before appointments before the rest; the supervisor may change it."""
        self.order.customer_place = 'waiting'
        operation = self._dispatch(self.order)
        self.assertEqual(operation.priority, '2')
        operation.with_user(self._role('dispatcher')).write({'priority': '3'})
        self.assertEqual(operation.priority, '3')

    def test_who_may_dispatch(self):
        """R-ROLE-11: only dispatchers at block; advisors too when the gate is off; technicians never."""
        self.order._hand_over(self.dispatcher)
        advisor, technician = self._role('advisor'), self._role('technician')
        with self.assertBlocked('WRK-34'):
            self.order.with_user(advisor)._dispatch(team=self.team)
        self._set_gate('dispatcher_only', 'off')
        operation = self.order.with_user(advisor)._dispatch(team=self.team)
        self.assertEqual(operation.dispatched_by_id, advisor)
        operation._cancel("test")
        self.order._dispatch(technicians=self.tech)
        with self.assertBlocked('WRK-34'):
            self.order.with_user(technician)._dispatch()
        self._set_gate('dispatcher_only', 'override')
        with self.assertBlocked('WRK-34'):
            self.order.with_user(advisor)._dispatch(team=self.team)

    def test_planned_operations_are_dispatched_as_arranged(self):
        """R-PROC-57: tomorrow's work is planned on the board, then dispatched."""
        operation = self.order._plan(bay_id=self.bay.id, team_id=self.team.id)
        self.assertEqual(operation.state, 'planned')
        self.assertEqual(self.order.state, 'authorised')
        self.order._hand_over(self.dispatcher)
        operation.with_user(self._role('dispatcher')).action_dispatch()
        self.assertEqual((operation.state, operation.bay_id), ('dispatched', self.bay))
        self.assertEqual(self.order.state, 'in_progress')

    def test_cancelled_operation_frees_its_lines(self):
        """R-PROC-56: what nobody has worked on can be taken back; begun work cannot."""
        operation = self._dispatch(self.order)
        operation._cancel("wrong team")
        self.assertEqual((operation.state, self.order.state), ('cancelled', 'authorised'))
        self.assertFalse(self.order.line_ids.operation_id)
        again = self._dispatch(self.order)
        again._accept(self.leader)
        again._start(self.tech)
        with self.assertBlocked('WRK-08'):
            again._cancel()

    def test_a_declined_job_ends_its_operations(self):
        """R-PROC-59: a job that leaves the order stops clocks and takes untouched work back."""
        second = self._make_job(self.order, "Rear", labour=[self._make_labour_item("Rear axle")])
        self._approve(self.order)
        operations = self._dispatch(self.order)
        begun = operations.filtered(lambda operation: operation.job_id == second)
        begun._accept(self.leader)
        begun._start(self.tech)
        self.order._record_consent(operations.job_id, 'declined', 'phone', name="Mr Wang")
        self.assertEqual((begun.state, (operations - begun).state), ('done', 'cancelled'))
        self.assertTrue(begun.time_ids.stop)

    # === ACCEPTANCE === #

    def test_team_accepts_before_the_first_clock(self):
        """R-PROC-58: required at block with difference notes to the advisor; off accepts by starting."""
        operation = self._dispatch(self.order)
        with self.assertBlocked('WRK-37'):
            operation._start(self.tech)
        operation.with_user(self.leader.user_id)._accept(note="Scratch on the left door")
        self.assertEqual((operation.accepted_by_id, operation.state), (self.leader, 'accepted'))
        self.assertIn("Scratch on the left door", str(self.order.activity_ids.mapped('note')))
        with self.assertBlocked('WRK-09'):
            operation._accept(self.leader)
        operation._start(self.tech)
        second = self._make_signed_order(labour=[self.item])
        operation._pause(self.tech)
        self._set_gate('team_acceptance', 'off')
        quick = self._dispatch(second)
        quick._start(self.tech)
        self.assertTrue(quick.is_auto_accepted)
        self.assertEqual(quick.accepted_by_id, self.tech)

    def test_strangers_do_not_accept(self):
        """R-ROLE-12: the car is accepted by the team it was dispatched to."""
        operation = self._dispatch(self.order)
        with self.assertBlocked('WRK-11'):
            operation._accept(self._make_employee("Visitor"))

    def test_leader_names_technicians_of_the_own_team_only(self):
        """R-ROLE-12: a leader splits work within the team, not beyond it."""
        operation = self._dispatch(self.order)
        operation.with_user(self.leader.user_id)._assign(self.tech2)
        self.assertEqual(operation.technician_ids, self.tech2)
        with self.assertBlocked('WRK-07'):
            operation.with_user(self.leader.user_id)._assign(self._make_employee("Stranger"))
        with self.assertBlocked('WRK-07'):
            operation.with_user(self.tech2.user_id)._assign(self.tech)

    # === THE CAR === #

    def test_only_qualified_drivers_move_the_car(self):
        """R-PERM-08, R-ROLE-14: the mover is logged and must be qualified at block; off only logs."""
        visit = self.order.visit_id
        move = self.order._move_car('waiting', self.tech, note="row 2")
        self.assertEqual((move.employee_id, visit.location), (self.tech, 'waiting'))
        self.tech2.aftersales_can_drive = False
        with self.assertBlocked('WRK-55'):
            self.order._move_car('bay', self.tech2)
        self._set_gate('driver_qualified', 'off')
        self.assertEqual(self.order._move_car('bay', self.tech2).place_from, 'waiting')

    # === FORGERY === #

    def test_facts_cannot_be_written_by_hand(self):
        """R-PROC-58: state, stamps and records are refused to ORM and RPC, even for a dispatcher or the superuser."""
        operation = self._dispatch(self.order)
        for values in (
            {'state': 'done'},
            {'accepted_at': fields.Datetime.now()},
            {'finished_at': fields.Datetime.now()},
            {'record_text': "x"},
            {'order_id': self._make_order().id},
            {'kind': 'wash'},
        ):
            with self.assertBlocked('BAS-01'):
                operation.with_user(self._role('dispatcher')).write(values)
            with self.assertBlocked('BAS-01'):
                operation.write(values)
        with self.assertBlocked('WRK-04'):
            self.env['aftersales.operation'].create({'order_id': self.order.id, 'name': "x"})
        with self.assertBlocked('WRK-04'):
            operation.copy()
        with self.assertBlocked('WRK-05'):
            operation.unlink()
        with self.assertRaises(AccessError):
            operation.with_user(self._role('technician')).write({'priority': '3'})
        with self.assertBlocked('WRK-40'):
            self.env['aftersales.workshop.handover'].create(
                {'order_id': self.order.id, 'at': fields.Datetime.now(), 'recorded_at': fields.Datetime.now()}
            )
        with self.assertBlocked('WRK-63'):
            self.env['aftersales.car.move'].create({'order_id': self.order.id})

    def test_absurd_hours_are_refused(self):
        """R-PROC-56: negative or impossible planned hours."""
        operation = self._dispatch(self.order)
        for hours in (-1.0, 1000.0):
            with self.assertBlocked('WRK-03'):
                operation.planned_hours = hours
        self._do_work(operation)
        with self.assertBlocked('WRK-06'):
            operation.due_at = fields.Datetime.now()
