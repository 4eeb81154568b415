from odoo import api, fields, models

from ..base.errors import coded_error

PROGRESS_TARGET_STATES = ('in_progress', 'inspecting')


class AftersalesRepairOrder(models.Model):
    """Following the work: half-hourly checks, the inquiry, delays, same-day cars (R-PROC-61, -66, -67, -69)."""

    _inherit = 'aftersales.repair.order'

    # === ACTION METHODS === #

    def action_log_progress(self, kind='tracking', result='on_time', measure=None, new_due_at=None, note=None):
        """Log a progress check as the user; one click when all is well.

        :param str kind: tracking or inquiry.
        :param str result: on_time or abnormal.
        :param str measure: what is done about it; needed when abnormal.
        :param new_due_at: UTC, the new time if it moves.
        :return: True.
        """
        self._log_progress(kind, result, measure, fields.Datetime.to_datetime(new_due_at), note)
        return True

    def action_report_delay(self, new_due_at, reason_id=None, note=None, operation_id=None):
        """Report a new time as the user (R-PROC-61).

        :param new_due_at: UTC.
        :param int reason_id: aftersales.reason of kind delay.
        :return: id of the delay.
        """
        self.ensure_one()
        return self._delay(
            fields.Datetime.to_datetime(new_due_at),
            self.env['aftersales.reason'].browse(reason_id) if reason_id else None,
            note,
            self.env['aftersales.operation'].browse(operation_id) if operation_id else None,
        ).id

    def action_customer_informed(self, means='phone'):
        """Stamp that the customers were told of every open delay."""
        self.check_access('read')
        self.delay_ids.filtered(lambda delay: not delay.informed_at)._inform(means)
        return True

    def action_new_time(self):
        """Open the dialog for a new time."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("New Time"),
            'res_model': 'aftersales.delay.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_order_id': self.id},
        }

    # === PROGRESS === #

    def _log_progress(self, kind='tracking', result='on_time', measure=None, new_due_at=None, note=None):
        """Log that somebody asked how it goes.

        :return: aftersales.progress.check, as superuser.
        :raise UserError: WRK-49 not in the workshop, or not for this user; WRK-56 abnormal without a measure.
        """
        checks = self.env['aftersales.progress.check'].sudo()
        now = fields.Datetime.now()
        for order in self:
            order.check_access('read')
            if not (
                self.env.su
                or self.env.user.has_groups(
                    'aftersales_service.group_receptionist,aftersales_service.group_team_leader',
                )
            ):
                raise coded_error(
                    'WRK-49', self.env._("The service advisor logs how %(order)s goes.", order=order.display_name)
                )
            order = order.sudo()
            if order.state not in PROGRESS_TARGET_STATES:
                raise coded_error('WRK-49', self.env._("%(order)s is not in the workshop.", order=order.display_name))
            if result == 'abnormal' and not (measure or '').strip():
                raise coded_error(
                    'WRK-56', self.env._("Say what is done about it: an abnormal answer needs a measure.")
                )
            due = order.tracking_due_at if kind == 'tracking' else order.inquiry_to
            checks |= checks._guarded().create(
                {
                    'order_id': order.id,
                    'kind': kind,
                    'at': now,
                    'due_at': due,
                    'is_late': bool(due and now > due),
                    'result': result,
                    'measure': measure or False,
                    'new_due_at': new_due_at or False,
                    'note': note or False,
                    'user_id': self.env.uid,
                }
            )
            order.activity_feedback(
                [f'aftersales_service.mail_activity_{kind}'], feedback=measure or self.env._("On time")
            )
            if new_due_at:
                order._delay(new_due_at, order._delay_reason(), measure)
            order._advance()
        return checks

    def _delay(self, new_due_at, reason=None, note=None, operation=None):
        """Report that work takes longer; the advisor tells the customer, which moves the promise.

        :param datetime new_due_at: UTC.
        :param reason: aftersales.reason of kind delay; the first one unless given.
        :return: aftersales.delay, as superuser.
        :raise UserError: WRK-57 a time in the past, or before the one promised.
        """
        self.ensure_one()
        self.check_access('read')
        order = self.sudo()
        operation = operation.sudo() if operation else self.env['aftersales.operation'].sudo()
        old = operation.due_at or order.promised_at
        if not new_due_at or new_due_at <= fields.Datetime.now() or (old and new_due_at <= old):
            raise coded_error(
                'WRK-57',
                self.env._(
                    "The new time of %(order)s must lie in the future and after the one told before.",
                    order=order.display_name,
                ),
            )
        reason = reason or order._delay_reason()
        delay = (
            self.env['aftersales.delay']
            .sudo()
            ._guarded()
            .create(
                {
                    'order_id': order.id,
                    'operation_id': operation.id,
                    'old_due_at': old or False,
                    'new_due_at': new_due_at,
                    'reason_id': reason.id,
                    'note': note or False,
                    'reported_by_id': self.env.uid,
                    'reported_at': fields.Datetime.now(),
                }
            )
        )
        if operation:
            operation._guarded().write({'due_at': new_due_at})
        order._tell_advisor(
            self.env._(
                "New time %(new)s (%(reason)s). %(note)s Tell the customer.",
                new=fields.Datetime.context_timestamp(order, new_due_at).strftime('%Y-%m-%d %H:%M'),
                reason=reason.name,
                note=note or '',
            ),
            self.env._("Delay: tell the customer"),
            activity='aftersales_service.mail_activity_delay',
        )
        order._tell_supervisors(
            self.env._(
                "%(order)s takes longer: %(reason)s. %(note)s",
                order=order.name,
                reason=reason.name,
                note=note or '',
            ),
            self.env._("Delay"),
        )
        order._advance()
        return delay

    def _delay_reason(self):
        """Return the usual reason of a delay, for whoever names none."""
        reason = (
            self.env['aftersales.reason']
            .sudo()
            .search(
                [('kind', '=', 'delay'), ('company_id', 'in', [self.company_id.id, False])],
                limit=1,
            )
        )
        if not reason:
            raise coded_error('WRK-58', self.env._("No reason of kind “Delay” exists. Add one in the configuration."))
        return reason

    # === CRONS === #

    @api.model
    def _cron_progress(self):
        """Remind advisors of progress checks and inquiries that are due, once each."""
        now = fields.Datetime.now()
        for kind, domain, summary in (
            ('tracking', [('tracking_due_at', '<=', now)], self.env._("Progress check due")),
            (
                'inquiry',
                [('inquiry_from', '<=', now), ('inquiry_done', '=', False)],
                self.env._("Ask the workshop how it goes"),
            ),
        ):
            orders = self.sudo().search([('state', 'in', PROGRESS_TARGET_STATES), ('outcome', '=', 'open'), *domain])
            orders._remind(f'aftersales_service.mail_activity_{kind}', summary)

    @api.model
    def _cron_same_day(self):
        """Tell the supervisor of same-day cars that stayed overnight (清库, R-PROC-69), once each."""
        for company in self.env['res.company'].sudo().search([]):
            orders = (
                self.sudo()
                .with_company(company)
                .with_context(allowed_company_ids=company.ids)
                .search(
                    [('is_same_day_late', '=', True)],
                )
                .filtered(lambda order: order.profile_id._gate('same_day') != 'off')
            )
            orders._remind(
                'aftersales_service.mail_activity_same_day', self.env._("Same-day job still inside"), to_supervisor=True
            )

    def _remind(self, activity_xmlid, summary, to_supervisor=False):
        """Schedule one activity of a type on orders that have none open."""
        activity_type = self.env.ref(activity_xmlid)
        reminded = (
            self.env['mail.activity']
            .sudo()
            .search(
                [
                    ('res_model', '=', self._name),
                    ('res_id', 'in', self.ids),
                    ('activity_type_id', '=', activity_type.id),
                ]
            )
            .mapped('res_id')
        )
        supervisors = self.env.ref('aftersales_service.group_workshop_supervisor').sudo().user_ids
        for order in self.filtered(lambda order: order.id not in reminded):
            supervisor = supervisors.filtered(
                lambda user, order=order: order.company_id in user.company_ids and user.active
            )[:1]
            user = supervisor if to_supervisor and supervisor else order.advisor_id or supervisor
            if user:
                order.activity_schedule(
                    activity_xmlid,
                    date_deadline=order.company_id._aftersales_today(),
                    summary=summary,
                    user_id=user.id,
                )
