from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error
from .const import GENERAL_MANAGER, HR_OFFICER

FINANCE = 'aftersales_service.group_accountant'


class AftersalesPayrollBatch(models.Model):
    """What a month's rewards and penalties bring to the payroll of a company: collected, shown, confirmed, handed over.

    One batch a company and month; a correction is a reversing batch beside it, never an edit (R-RP-08, R-RP-12).
    """

    _name = 'aftersales.payroll.batch'
    _description = "Payroll batch of conduct"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'month desc, id desc'
    _guarded_fields = frozenset({
        'name', 'company_id', 'month', 'state', 'previewed_on', 'prepared_by_id', 'confirmed_by_id', 'confirmed_at', 'mode',
        'move_id', 'reversed_id', 'reason',
    })

    name = fields.Char(string="Number", readonly=True, default="/", copy=False)
    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    cutoff_on = fields.Date(compute='_compute_cutoff_on', help="What is effective later belongs to the next month.")
    state = fields.Selection(
        [('draft', "Draft"), ('preview', "Shown to the employees"), ('locked', "Handed to the payroll"), ('cancelled', "Cancelled")],
        default='draft', required=True, readonly=True, copy=False, tracking=True, index=True,
    )
    mode = fields.Selection(related='company_id.aftersales_payroll_mode', store=True, readonly=True)
    person_ids = fields.One2many('aftersales.payroll.person', 'batch_id', string="Persons", readonly=False)
    line_ids = fields.One2many('aftersales.payroll.line', 'batch_id', string="Lines", readonly=True)
    prepared_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    previewed_on = fields.Date(readonly=True, copy=False, help="From this day the employees see it.")
    lock_from = fields.Date(compute='_compute_lock_from', compute_sudo=True, help="Two working days after the preview.")
    confirmed_by_id = fields.Many2one('res.users', readonly=True, copy=False, tracking=True)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    reversed_id = fields.Many2one('aftersales.payroll.batch', string="Reverses", readonly=True, copy=False, index='btree_not_null')
    reversal_ids = fields.One2many('aftersales.payroll.batch', 'reversed_id', readonly=True)
    reason = fields.Char(readonly=True, copy=False)
    move_id = fields.Many2one('account.move', string="Entry", readonly=True, copy=False, index='btree_not_null')
    bonus_total = fields.Monetary(compute='_compute_totals', string="Bonus")
    performance_total = fields.Monetary(compute='_compute_totals', string="Performance pay withheld")
    compensation_total = fields.Monetary(compute='_compute_totals', string="Compensation")
    fine_total = fields.Monetary(compute='_compute_totals', string="Fines")
    carried_total = fields.Monetary(compute='_compute_totals', string="Carried over")
    blocked_count = fields.Integer(compute='_compute_blocked_count', string="Not ready", compute_sudo=True)
    note = fields.Text()

    _month_uniq = models.UniqueIndex(
        "(company_id, month) WHERE reversed_id IS NULL AND state != 'cancelled'",
        "This month has a batch already. Open it, or reverse it.",
    )
    _reversed_once = models.UniqueIndex("(reversed_id) WHERE reversed_id IS NOT NULL", "This batch is reversed already.")

    # === COMPUTE METHODS === #

    @api.depends('month', 'company_id')
    def _compute_cutoff_on(self):
        for batch in self:
            last = batch.month and batch.month + relativedelta(months=1, days=-1)
            day = batch.company_id.aftersales_payroll_cutoff_day
            batch.cutoff_on = last and (batch.month + relativedelta(days=day - 1) if 0 < day < last.day else last)

    @api.depends('previewed_on', 'company_id')
    def _compute_lock_from(self):
        for batch in self:
            batch.lock_from = batch.previewed_on and batch.company_id._aftersales_workdays_after(
                batch.previewed_on, batch.company_id.aftersales_preview_days)

    @api.depends('line_ids.amount', 'line_ids.carried_amount')
    def _compute_totals(self):
        sums = {
            (batch, channel): (amount, carried) for batch, channel, amount, carried in
            self.env['aftersales.payroll.line']._read_group(
                [('batch_id', 'in', self.ids)], ['batch_id', 'channel'], ['amount:sum', 'carried_amount:sum'])
        }
        for batch in self:
            for channel in ('bonus', 'performance', 'compensation', 'fine'):
                batch[f'{channel}_total'] = sums.get((batch, channel), (0.0, 0.0))[0]
            batch.carried_total = sum(carried for (owner, _c), (_a, carried) in sums.items() if owner == batch)

    def _compute_blocked_count(self):
        for batch in self:
            batch.blocked_count = len(batch._not_ready()) if batch.state in ('draft', 'preview') else 0

    @api.depends('name', 'month')
    def _compute_display_name(self):
        for batch in self:
            batch.display_name = f'{batch.name} · {batch.month:%Y-%m}' if batch.month else batch.name

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('PPL-40', self.env._("A batch is made by “New month”, which collects what is in effect."))
        for vals in vals_list:
            company = self.env['res.company'].browse(vals['company_id'])
            vals['name'] = self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.payroll.batch') or '/'
        # Nobody follows a batch by having made it: its lines are about other people.
        return super(AftersalesPayrollBatch, self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)).create(
            vals_list).with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('PPL-10', self.env._("A payroll batch stays on record. Cancel or reverse it."))

    # === ACTION METHODS === #

    @api.model
    def action_new_month(self, month=None):
        """Open the batch of a month (the last full one unless told), collected afresh."""
        company = self.env.company
        month = fields.Date.to_date(month) or company._aftersales_today() - relativedelta(months=1)
        batch = self._open_month(company, month.replace(day=1))
        return batch._get_records_action(name=self.env._("Payroll batch"))

    def action_collect(self):
        """Collect again: what has come into effect, left out or changed since."""
        self._collect()

    def action_preview(self):
        """Show each employee what the month brings."""
        self._show()

    def action_confirm(self):
        """Confirm and hand over, or explain what is missing."""
        return (len(self) == 1 and self._gate_action('locked', 'action_confirm')) or self._hand_over()

    def action_cancel(self):
        """Give up a batch that was not handed over."""
        self._cancel()

    def action_view_not_ready(self):
        """Open the records of the month that stay out, each with its reason in its state."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_conduct_record_action')
        return action | {'domain': [('id', 'in', self._not_ready().ids)], 'context': {}, 'view_mode': 'list,form'}

    def action_download_list(self):
        """Fetch the month's summary for finance as a workbook."""
        return self.action_download('summary')

    def action_mark_paid(self):
        """Finance says: the payroll has paid and deducted all of it (R-RP-12)."""
        self._mark_paid(self.line_ids)

    # === BUSINESS METHODS: MAKING === #

    def _ensure_hr(self):
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER)

    @api.model
    def _open_month(self, company, month):
        """Return the batch of a month, made and filled where there is none.

        :param datetime.date month: first day.
        :raise UserError: PPL-15 not the HR officer; PPL-41 a month that has not begun.
        """
        self._ensure_hr()
        if month > company._aftersales_today():
            raise coded_error('PPL-41', self.env._("%(month)s has not begun.", month=f'{month:%Y-%m}'), ValidationError)
        batch = self.search([
            ('company_id', '=', company.id), ('month', '=', month), ('reversed_id', '=', False), ('state', '!=', 'cancelled')])
        if not batch:
            batch = self._guarded().create({
                'company_id': company.id, 'month': month, 'prepared_by_id': self.env.uid})._unguarded()
        if batch.state == 'draft':
            batch._collect()
        return batch

    def _lock_sudo(self):
        """Take the batches for this transaction: two people who confirm at once take turns; sudo: only a lock."""
        self.env.cr.execute('SELECT id FROM aftersales_payroll_batch WHERE id IN %s FOR UPDATE', [tuple(self.ids)])
        self.invalidate_recordset(['state'])

    def _ensure_open(self):
        """Refuse what is handed over or cancelled (PPL-42)."""
        for batch in self:
            if batch.state not in ('draft', 'preview'):
                raise coded_error('PPL-42', self.env._(
                    "%(batch)s is handed over or cancelled and stays as it is. Make a reversing batch.", batch=batch.name))

    def _collect(self):
        """Fill the batch with everything in effect by the cut-off day that the payroll has not had yet."""
        self._ensure_hr()
        self._lock_sudo()
        self._ensure_open()
        for batch in self:
            if batch.reversed_id:
                continue
            wages = {person.employee_id: person.wage_base for person in batch.person_ids if person.is_wage_confirmed}
            remarks = {
                person.employee_id: {'remark': person.remark, 'remarked_at': person.remarked_at}
                for person in batch.sudo().person_ids if person.remark
            }
            batch.sudo().line_ids._guarded().unlink()
            batch.sudo().person_ids._guarded().unlink()
            batch._fill_sudo(batch._ready_records(), wages)
            for person in batch.sudo().person_ids.filtered(lambda person, remarks=remarks: person.employee_id in remarks):
                person._guarded().write(remarks[person.employee_id])
            batch._guarded().write({'state': 'draft', 'previewed_on': False})

    def _ready_records(self):
        """Return the records whose money this batch takes: in effect by the cut-off day, not yet wholly handed over.

        Records with an open objection are not in effect and stay out.
        """
        self.ensure_one()
        records = self.env['aftersales.conduct.record'].sudo()
        return records.search([
            ('company_id', '=', self.company_id.id), '|', ('is_overpaid', '=', True),
            '&', '&', '&', ('state', 'in', ('effective', 'handed_over', 'closed')), ('effective_from', '<=', self.cutoff_on),
            ('is_settled', '=', False), ('amount_total', '!=', 0),
        ], order='effective_from, id')

    def _absence_records(self):
        """Return the records of the month whose rule counts the day as absence: for attendance, not for money (R-PEN-23)."""
        self.ensure_one()
        return self.env['aftersales.conduct.record'].sudo().search([
            ('company_id', '=', self.company_id.id), ('rule_id.counts_as_absence', '=', True),
            ('state', 'in', ('effective', 'handed_over', 'closed')), ('is_cancelled', '=', False),
            ('act_date', '>=', self.month), ('act_date', '<', self.month + relativedelta(months=1)),
        ])

    def _not_ready(self):
        """Return the decided records of the month that stay out: not told, not in effect, objection open."""
        self.ensure_one()
        return self.env['aftersales.conduct.record'].search([
            ('company_id', '=', self.company_id.id), ('act_date', '<=', self.cutoff_on),
            ('state', 'in', ('proposed', 'investigated', 'heard', 'decided', 'notified', 'review', 'appeal')),
        ])

    def _show(self):
        """Tell each person who has a login what the month brings; the lock waits for the days of preview.

        :raise UserError: PPL-15, PPL-42; PPL-43 nothing to show.
        """
        self._ensure_hr()
        self._ensure_open()
        for batch in self:
            if not batch.person_ids:
                raise coded_error('PPL-43', self.env._("%(batch)s is empty: nothing is in effect by the cut-off day.", batch=batch.name))
            batch._guarded().write({'state': 'preview', 'previewed_on': batch.company_id._aftersales_today()})
            batch._tell_persons_sudo()

    def _tell_persons_sudo(self):
        """Send each person an inbox note that his lines can be seen; sudo: users of others, no amounts in the text."""
        users = self.sudo().person_ids.employee_id.user_id
        if users:
            self.sudo().message_notify(
                partner_ids=users.partner_id.ids, model=False, res_id=False,
                subject=self.env._("Your rewards and deductions of %(month)s", month=f'{self.month:%Y-%m}'),
                body=self.env._("Please look at them on your own page before %(day)s.", day=self.lock_from),
            )

    def _cancel(self):
        """Give up a batch that was not handed over; its records wait for the next one."""
        self._ensure_hr()
        self._lock_sudo()
        self._ensure_open()
        for batch in self:
            batch.sudo().line_ids._guarded().unlink()
            batch.sudo().person_ids._guarded().unlink()
            batch._guarded().write({'state': 'cancelled'})

    # === BUSINESS METHODS: GATES === #

    def _blockers(self, target):
        """Add: wages confirmed, preview days passed, another person confirms, nothing changed since collected."""
        found = super()._blockers(target)
        if target != 'locked':
            return found
        for batch in self:
            reasons, today = found[batch], batch.company_id._aftersales_today()
            if not batch.reversed_id:
                if not batch.previewed_on or batch.lock_from > today:
                    reasons.append(batch._blocker('payroll_preview', 'PPL-44', self.env._(
                        "The employees have not had %(number)s working days to look at %(batch)s yet.",
                        number=batch.company_id.aftersales_preview_days, batch=batch.name)))
                if stale := batch.line_ids._stale():
                    reasons.append(batch._blocker(None, 'PPL-45', self.env._(
                        "%(records)s changed since %(batch)s was collected. Collect again.",
                        records=", ".join(stale.record_id.mapped('name')[:5]), batch=batch.name)))
                guessed = batch.person_ids.filtered(lambda person: person.compensation_claimed and not person.is_wage_confirmed)
                if guessed:
                    reasons.append(batch._blocker('payroll_wage', 'PPL-46', self.env._(
                        "The wage due this month is not confirmed for %(names)s: compensation is capped by it.",
                        names=", ".join(guessed.employee_id.mapped('name')[:5]))))
            if batch.prepared_by_id == self.env.user:
                reasons.append(batch._blocker('payroll_second_person', 'PPL-47', self.env._(
                    "You prepared %(batch)s yourself: another person confirms it.", batch=batch.name)))
            if batch.person_ids.employee_id.sudo().user_id & self.env.user:
                reasons.append(batch._blocker('payroll_second_person', 'PPL-13', self.env._(
                    "%(batch)s holds lines about yourself: another person confirms it.", batch=batch.name)))
        return found

    # === BUSINESS METHODS: HAND-OVER === #

    def _hand_over(self):
        """Confirm and hand over by the one way the company has chosen; totals are checked to the cent first.

        :raise UserError: PPL-15 role, PPL-42 handed over already (the other of two people), `_blockers('locked')`,
            PPL-48 sums disagree.
        """
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER, FINANCE, GENERAL_MANAGER)
        self._lock_sudo()
        self._ensure_open()
        self._ensure_no_blockers('locked')
        for batch in self:
            batch._ensure_sums()
            batch._guarded().write({
                'state': 'locked', 'confirmed_by_id': self.env.uid, 'confirmed_at': fields.Datetime.now()})
            getattr(batch, f'_hand_over_{batch.company_id.aftersales_payroll_mode}_sudo')()
            batch.sudo().line_ids.record_id._after_payroll()
            batch._tell_finance_sudo()

    def _ensure_sums(self):
        """Prove: claimed = taken + carried for each line, and persons = lines, to the cent."""
        self.ensure_one()
        compare, lines = self.currency_id.compare_amounts, self.sudo().line_ids
        for line in lines:
            if compare(line.claimed_amount, line.amount + line.carried_amount):
                raise coded_error('PPL-48', self.env._("%(record)s: taken and carried do not add up.", record=line.record_id.name))
        taken = sum(lines.filtered(lambda line: line.channel == 'compensation').mapped('amount'))
        if compare(taken, sum(self.sudo().person_ids.mapped('compensation_taken'))):
            raise coded_error('PPL-48', self.env._("%(batch)s: persons and lines do not add up. Collect again.", batch=self.name))

    def _hand_over_file_sudo(self):
        """The payroll outside reads the workbook; nothing is booked here."""

    def _tell_finance_sudo(self):
        """Put the batch on the accountants' list; sudo: activities on others' desks."""
        batch = self.sudo()
        accountants = self.env.ref(FINANCE).sudo().all_user_ids.filtered(
            lambda user: batch.company_id in user.company_ids and user.active and not user.share)
        # The list of activities is enough: no e-mail, of which HR's people are not the senders.
        for user in accountants[:1]:
            batch.with_context(mail_activity_quick_update=True).activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id,
                summary=self.env._("Payroll of %(month)s: rewards and deductions are handed over", month=f'{batch.month:%Y-%m}'))

    def _reverse(self, reason):
        """Take a handed-over batch back by a batch of opposite lines; the records are open again.

        :return: the reversing batch, as draft: another person confirms it.
        :raise UserError: PPL-49 not handed over, a reversal, or reversed already; PPL-17 reason missing.
        """
        self._ensure_hr()
        self.ensure_one()
        self._lock_sudo()
        if self.state != 'locked' or self.reversed_id or self.reversal_ids.filtered(lambda batch: batch.state != 'cancelled'):
            raise coded_error('PPL-49', self.env._("Only a handed-over batch that is not reversed yet can be reversed."))
        if not (reason or '').strip():
            raise coded_error('PPL-17', self.env._("Write down why %(batch)s is reversed.", batch=self.name))
        reversal = self._guarded().create({
            'company_id': self.company_id.id, 'month': self.month, 'prepared_by_id': self.env.uid,
            'reversed_id': self.id, 'reason': reason,
        })
        self.sudo()._copy_reversed(reversal.sudo())
        return reversal._unguarded()

    def _mark_paid(self, lines):
        """Record that the payroll has paid or deducted these lines; it comes back from finance (R-RP-12).

        :raise UserError: PPL-15 role, PPL-42 not handed over.
        """
        self.env['aftersales.conduct.record']._ensure_group(FINANCE, HR_OFFICER)
        if any(batch.state != 'locked' for batch in lines.batch_id):
            raise coded_error('PPL-42', self.env._("Only what was handed over can be paid."))
        todo = lines.sudo().filtered(lambda line: line.state != 'paid')
        todo._guarded().write({'state': 'paid', 'paid_on': fields.Date.context_today(self)})
        todo.record_id._after_payroll()
        self.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.env.user).action_done()
