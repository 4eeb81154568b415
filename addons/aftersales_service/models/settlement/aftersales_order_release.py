from odoo import api, fields, models

from ...rules import promise as promise_rules
from ..base.errors import coded_error


class AftersalesRepairOrder(models.Model):
    """From the till to the gate: who may go, what is handed out, what the books still wait for."""

    _inherit = 'aftersales.repair.order'
    _guarded_fields = frozenset(
        {
            'handed_over_at',
            'handed_over_by_id',
            'handover_name',
            'handover_signature',
            'explained_at',
            'explained_by_id',
            'old_parts_shown_at',
            'pickup_code_checked_at',
            'handover_issue_at',
            'handover_issue_cleared_at',
            'handover_issue_cleared_by_id',
            'notified_at',
            'notified_by_id',
            'notify_result',
            'delay_notified_at',
        }
    )

    gate_pass_ids = fields.One2many('aftersales.gate.pass', 'order_id', "Gate Passes")
    # Telling the customer (R-PROC-80, R-PROC-81)
    notify_at = fields.Datetime(
        "Tell the Customer By", compute='_compute_notify_at', store=True, index='btree_not_null'
    )
    notified_at = fields.Datetime("Customer Told", readonly=True, copy=False)
    notified_by_id = fields.Many2one('res.users', "Told By", readonly=True, copy=False)
    notify_result = fields.Char("Answer", readonly=True, copy=False)
    delay_notified_at = fields.Datetime("Told of the Delay", readonly=True, copy=False)
    is_notice_late = fields.Boolean(
        "Notice Overdue", compute='_compute_is_notice_late', search='_search_is_notice_late'
    )
    # At the car (R-PROC-82, R-PROC-84, R-PROC-86, R-PROC-87)
    explained_at = fields.Datetime("Work Explained", readonly=True, copy=False)
    explained_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    old_parts_shown_at = fields.Datetime("Old Parts Shown", readonly=True, copy=False)
    pickup_code_checked_at = fields.Datetime("Pick-up Code Checked", readonly=True, copy=False)
    handed_over_at = fields.Datetime("Handed Over", readonly=True, copy=False, tracking=True)
    handed_over_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    handover_name = fields.Char("Received By", readonly=True, copy=False)
    handover_signature = fields.Binary(attachment=True, readonly=True, copy=False)
    handover_issue = fields.Text("Damage or Missing Items", readonly=True, copy=False)
    handover_issue_at = fields.Datetime(readonly=True, copy=False)
    handover_issue_cleared_at = fields.Datetime(readonly=True, copy=False)
    handover_issue_cleared_by_id = fields.Many2one('res.users', readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends('promised_at', 'create_date')
    def _compute_notify_at(self):
        for order in self:
            company = order.company_id
            order.notify_at = (
                promise_rules.notice_at(
                    order.promised_at,
                    min(order.create_date or fields.Datetime.now(), order.promised_at),
                    short_hours=company.aftersales_notify_short_hours,
                    long_hours=company.aftersales_notify_long_hours,
                    limit_days=company.aftersales_notify_limit_days,
                )
                if order.promised_at
                else False
            )

    @api.depends('notify_at', 'notified_at', 'delay_notified_at', 'state', 'outcome')
    def _compute_is_notice_late(self):
        late = self.filtered_domain(self._search_is_notice_late('in', [True]))
        for order in self:
            order.is_notice_late = order in late

    def _search_is_notice_late(self, operator, value):
        if operator != 'in' or True not in value:
            return NotImplemented
        return [
            ('notify_at', '<', fields.Datetime.now()),
            ('notified_at', '=', False),
            ('delay_notified_at', '=', False),
            ('state', 'not in', ('released', 'closed')),
            ('outcome', '=', 'open'),
        ]

    # === STATE === #

    def _state_facts(self):
        facts = super()._state_facts()
        for order, states in facts.items():
            cleared = order._is_cleared()
            states['released'] = cleared and order._is_gone()
            states['closed'] = states['released'] and order._is_money_closed()
        return facts

    def _is_cleared(self):
        """Tell whether every payer is settled and the customer owes nothing now, or signed for it (R-PROC-84)."""
        self.ensure_one()
        if self.outcome == 'cancelled':
            return False
        settlements = self.sudo().settlement_ids
        return bool(self.settled_at) and all(
            settlement._is_cleared() for settlement in settlements if settlement.settled_at or settlement.amount_total
        )

    def _is_gone(self):
        """Tell whether the car left; a counter sale is gone when it was handed over or settled."""
        self.ensure_one()
        visits = self.sudo().visit_ids
        if visits:
            return all(visit.state == 'left' for visit in visits)
        return not self.vehicle_id or bool(self.handed_over_at)

    def _is_money_closed(self):
        self.ensure_one()
        return all(settlement.state in ('paid', 'refused') for settlement in self.sudo().settlement_ids)

    # === BLOCKERS === #

    def _blockers(self, target):
        found = super()._blockers(target)
        if target == 'settled':
            concessions = self._concessions()
            for order in self:
                found[order] += order._verification_blockers() + order._concession_blockers(concessions[order])
        elif target == 'released':
            for order in self:
                found[order] += order._money_blockers() + order._release_blockers()
        elif target == 'on_account':
            usage = self._credit_usage_sudo()
            for order in self:
                found[order] += order._credit_blockers(usage.get(order, 0.0))
        elif target == 'purchase':
            line_ids = self.env.context.get('aftersales_purchase_lines')
            for order in self:
                lines = order.line_ids.filtered(lambda line: line.id in line_ids) if line_ids is not None else None
                found[order] += order._deposit_blockers(lines)
        elif target == 'closed':
            for order in self:
                found[order] += order._closing_blockers()
        return found

    def _cure(self, label, action):
        return {'label': label, 'action': action}

    def _cure_method(self, label, method):
        """Return a cure that opens this order, where the button to `method` stands."""
        self.ensure_one()
        return {
            'label': label,
            'method': method,
            'action': {
                'type': 'ir.actions.act_window',
                'res_model': self._name,
                'res_id': self.id,
                'view_mode': 'form',
                'views': [(False, 'form')],
            },
        }

    # === VERBS AT THE CAR === #

    def _notify_customer(self, result=None, delay=False):
        """Record that the customer was told the car is ready, or that it is late and why (R-PROC-80, R-PROC-81)."""
        self.check_access('write')
        stamp = {'delay_notified_at': fields.Datetime.now()} if delay else {'notified_at': fields.Datetime.now()}
        self._guarded().write({**stamp, 'notified_by_id': self.env.uid, 'notify_result': result})
        return True

    def _explain(self, old_parts=False):
        """Record that the work was explained at the car, and the old parts shown (R-PROC-82)."""
        self.check_access('write')
        now = fields.Datetime.now()
        self._guarded().write(
            {
                'explained_at': now,
                'explained_by_id': self.env.uid,
                **({'old_parts_shown_at': now} if old_parts else {}),
            }
        )
        return True

    def _report_handover_issue(self, note):
        """Pause the handover: damage or something missing at the last look goes to the service manager (R-PROC-87)."""
        self.ensure_one()
        self.check_access('write')
        if not (note or '').strip():
            raise coded_error('SET-83', self.env._("Write down what is damaged or missing."))
        self._guarded().write(
            {
                'handover_issue': note,
                'handover_issue_at': fields.Datetime.now(),
                'handover_issue_cleared_at': False,
                'handover_issue_cleared_by_id': False,
            }
        )
        managers = (
            self.env.ref('aftersales_service.group_service_manager')
            .sudo()
            .all_user_ids.filtered(lambda user: self.company_id in user.company_ids and not user.share and user.active)
        )
        self.sudo().activity_schedule(
            'mail.mail_activity_data_todo',
            summary=self.env._("Damage or missing items at handover"),
            note=note,
            user_id=(managers[:1] or self.env.user).id,
        )
        self._advance()
        return True

    def _clear_handover_issue(self, note=None):
        """The service manager settles the matter with the customer; the handover goes on.

        :raise UserError: SET-84 role
        """
        if not (self.env.su or self.env.user.has_group('aftersales_service.group_service_manager')):
            raise coded_error('SET-84', self.env._("The service manager clears damage and missing items at handover."))
        self._guarded().write(
            {'handover_issue_cleared_at': fields.Datetime.now(), 'handover_issue_cleared_by_id': self.env.uid}
        )
        for order in self:
            order.message_post(body=self.env._("Handover goes on: %(note)s", note=note or order.handover_issue))
        return True

    def _check_pickup_code(self, code):
        """Check the code printed on the customer's copy (R-DOC-02).

        :raise UserError: SET-85 wrong code
        """
        self.ensure_one()
        if (code or '').strip() != (self.pickup_code or ''):
            raise coded_error(
                'SET-85',
                self.env._("This is not the pick-up code of %(order)s. Look at the customer's copy.", order=self.name),
            )
        self._guarded().write({'pickup_code_checked_at': fields.Datetime.now()})
        return True

    def _hand_back(self, name, signature=None, pickup_code=None):
        """Hand the car back: who received it, with his signature for car, tools and belongings (R-PROC-86).

        :param str name: who receives the car.
        :param bytes signature: base64 image.
        :raise UserError: SET-85 wrong code, SET-86 no name
        """
        self.ensure_one()
        self.check_access('write')
        if not (name or '').strip():
            raise coded_error('SET-86', self.env._("Write down who receives the car."))
        if pickup_code:
            self._check_pickup_code(pickup_code)
        self._guarded().write(
            {
                'handed_over_at': fields.Datetime.now(),
                'handed_over_by_id': self.env.uid,
                'handover_name': name,
                'handover_signature': signature,
            }
        )
        self._record_next_maintenance()
        self._advance()
        return True

    # === NEXT MAINTENANCE === #

    def _next_maintenance(self):
        """Return when the next maintenance is due (R-PROC-88).

        :return: `{order: (date or False, kilometres or 0)}`
        :rtype: dict
        """
        result = {}
        for order in self:
            company = order.company_id
            if order.category_id.is_maintenance:
                date = fields.Date.add(company._aftersales_today(), months=company.aftersales_maintenance_months)
                result[order] = (date, (order.odometer or 0) + company.aftersales_maintenance_km)
            else:
                result[order] = (order.vehicle_id.next_service_date, order.vehicle_id.next_service_odometer)
        return result

    def _record_next_maintenance(self):
        """Keep the next maintenance on the vehicle after a maintenance order; it feeds the reminders."""
        for order, (date, kilometres) in self._next_maintenance().items():
            if order.vehicle_id and order.category_id.is_maintenance:
                order.vehicle_id.sudo().write({'next_service_date': date, 'next_service_odometer': kilometres})

    # === GATE PASS === #

    def _issue_gate_pass(self):
        """Issue the exit pass; it opens the gate only while nothing blocks the release (R-PROC-84, R-FORM-07).

        :return: the valid pass of each order, issued now where there was none.
        :rtype: recordset of aftersales.gate.pass
        """
        passes = self.env['aftersales.gate.pass']
        for order in self:
            existing = order.sudo().gate_pass_ids.filtered(lambda p: p.kind == 'final' and p.state == 'issued')[:1]
            passes |= existing.with_env(self.env) or passes._issue(order=order)
        return passes

    def _void_passes(self):
        self.gate_pass_ids.filtered(lambda p: p.state == 'issued')._guarded().write(
            {'voided_at': fields.Datetime.now()}
        )

    # === ACTIONS === #

    def action_approve_concession(self):
        for order in self:
            payers = order.payer_ids
            (payers.filtered(lambda payer: payer.kind == 'goodwill')[:1] or payers[:1])._approve_concession()
        return True

    def action_explained(self):
        return self._explain()

    def action_old_parts_shown(self):
        return self._explain(old_parts=True)

    def action_notified(self):
        return self._notify_customer()

    def action_clear_handover_issue(self):
        return self._clear_handover_issue()

    def action_hand_over(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Hand Over"),
            'res_model': 'aftersales.order.handover',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    def action_gate_pass(self):
        """Open the exit pass, issued now when there is none."""
        self.ensure_one()
        return self._issue_gate_pass()._get_records_action()

    def action_print_statement(self):
        """Print the settlement statement (R-FORM-05)."""
        return self.env.ref('aftersales_service.action_report_settlement_statement').report_action(self)
