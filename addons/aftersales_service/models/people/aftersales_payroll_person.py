from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesPayrollPerson(models.Model):
    """One person in a batch: the wage his compensation is capped by, what the month takes and carries, his absences."""

    _name = 'aftersales.payroll.person'
    _description = "Person of a payroll batch"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'batch_id desc, employee_id'
    _rec_name = 'employee_id'
    _guarded_fields = frozenset({
        'batch_id', 'employee_id', 'minimum_wage', 'compensation_claimed', 'compensation_taken', 'is_wage_confirmed',
        'is_leaver', 'absence_days', 'late_count', 'remark', 'remarked_at',
    })

    batch_id = fields.Many2one('aftersales.payroll.batch', required=True, readonly=True, ondelete='cascade', index=True)
    state = fields.Selection(related='batch_id.state')
    company_id = fields.Many2one(related='batch_id.company_id', store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    employee_id = fields.Many2one('hr.employee', required=True, readonly=True, ondelete='restrict', index=True)
    department_id = fields.Many2one('hr.department', compute='_compute_department_id', store=True, compute_sudo=True, precompute=True)
    wage_base = fields.Monetary(
        string="Wage due", help="What the payroll owes for this month before deductions. Proposed from the contract; the "
                                "payroll knows it exactly (sick leave, started mid-month). Entering it confirms it.")
    is_wage_confirmed = fields.Boolean(string="Confirmed", readonly=True)
    minimum_wage = fields.Monetary(readonly=True)
    compensation_claimed = fields.Monetary(readonly=True)
    compensation_taken = fields.Monetary(readonly=True)
    compensation_carried = fields.Monetary(compute='_compute_carried')
    is_leaver = fields.Boolean(string="Leaves", readonly=True, help="Settle what is carried with the last wage; the cap holds there too.")
    absence_days = fields.Float(string="Absence (days)", readonly=True, help="For attendance, not for money.")
    late_count = fields.Integer(string="Conduct absences", readonly=True, help="Days that a rule counts as absence.")
    remark = fields.Text(readonly=True, help="What the person said about his lines while they were shown.")
    remarked_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many('aftersales.payroll.line', 'person_id')

    _once = models.UniqueIndex("(batch_id, employee_id)", "A person stands in a batch once.")
    _wage_positive = models.Constraint('CHECK(wage_base >= 0)', "A wage is not negative.")

    @api.depends('employee_id')
    def _compute_department_id(self):
        for person in self:
            person.department_id = person.department_id or person.employee_id.department_id

    @api.depends('compensation_claimed', 'compensation_taken')
    def _compute_carried(self):
        for person in self:
            person.compensation_carried = person.compensation_claimed - person.compensation_taken

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('PPL-40', self.env._("Persons are collected by the batch."))
        return super().create(vals_list)

    def write(self, vals):
        if self._is_guarded() or 'wage_base' not in vals:
            return super().write(vals)
        self.check_access('write')
        self.batch_id._ensure_hr()
        self.batch_id._ensure_open()
        result = super().write(vals)
        self._guarded().write({'is_wage_confirmed': True})
        self.sudo()._spread()
        return result

    def _spread(self):
        """Cap the compensation of these persons by their wages, oldest first (R-RP-15); called as superuser."""
        for person in self:
            if capped := person.line_ids.filtered(lambda line: line.channel in ('compensation', 'fine')):
                capped._spread(person)

    def _own_total(self):
        """Return what the month brings (+) or takes (−) in all channels; called as superuser."""
        self.ensure_one()
        return self.currency_id.round(sum(line._signed_amount() for line in self.line_ids))

    def _say(self, remark):
        """The person says what is wrong with his lines while they are shown; HR answers before the hand-over.

        :raise UserError: PPL-18 not his, PPL-42 not shown any more, PPL-17 empty.
        """
        self.ensure_one()
        person = self.sudo()
        batch = person.batch_id
        if person.employee_id.user_id != self.env.user:
            raise coded_error('PPL-18', self.env._("This step belongs to the person concerned, on his own page."))
        if batch.state != 'preview':
            raise coded_error('PPL-42', self.env._("%(batch)s is handed over. Ask HR.", batch=batch.name))
        if not (remark or '').strip():
            raise coded_error('PPL-17', self.env._("Write down what is wrong."))
        person._guarded().write({'remark': remark, 'remarked_at': fields.Datetime.now()})
        batch.with_context(mail_activity_quick_update=True).activity_schedule(
            'mail.mail_activity_data_todo', user_id=batch.prepared_by_id.id,
            summary=self.env._("%(person)s asks about his lines", person=person.employee_id.name))
