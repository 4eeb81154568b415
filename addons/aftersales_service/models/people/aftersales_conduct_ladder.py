from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import conduct
from ..base.errors import coded_error


class AftersalesConductLadder(models.Model):
    """Amounts that rise with each offence of a class within a window (R-RP-09: 50, 100, 200 in twelve months).

    Optional: a rule without a ladder has none. The last step never dismisses anybody by itself.
    """

    _name = 'aftersales.conduct.ladder'
    _description = "Ladder of offences"
    _order = 'name'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    window_months = fields.Integer(string="Window (months)", default=12, required=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    step_ids = fields.One2many('aftersales.conduct.ladder.step', 'ladder_id', string="Steps", copy=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company, index=True)
    active = fields.Boolean(default=True)

    _window_positive = models.Constraint('CHECK(window_months > 0)', "The window is at least a month.")

    def _compute_currency_id(self):
        for ladder in self:
            ladder.currency_id = (ladder.company_id or self.env.company).currency_id

    @api.constrains('step_ids')
    def _check_steps(self):
        for ladder in self:
            amounts = ladder.step_ids.sorted('sequence').mapped('amount')
            if amounts != sorted(amounts) or any(amount < 0 for amount in amounts):
                raise coded_error('PPL-01', self.env._(
                    "The amounts of %(ladder)s must rise from step to step and not be negative.", ladder=ladder.name,
                ), ValidationError)

    def _step(self, employee, act_date, exclude=None):
        """Return the step of an offence of this class.

        :param employee: hr.employee.
        :param datetime.date act_date: day of the act.
        :param exclude: the record itself, which does not count.
        :rtype: aftersales_service.rules.conduct.Step
        """
        self.ensure_one()
        currency = self.currency_id
        return conduct.ladder_step(
            self._earlier_sudo(employee, exclude), act_date,
            [round(step.amount / currency.rounding) for step in self.step_ids.sorted('sequence')] or [0],
            self.window_months,
        )

    def _earlier_sudo(self, employee, exclude):
        """Return the days of confirmed offences; sudo: only the days are used, to count."""
        return self.env['aftersales.conduct.record'].sudo().search([
            ('employee_id', '=', employee.id), ('kind', '=', 'penalty'), ('rule_id.ladder_id.code', '=', self.code),
            ('decided_at', '!=', False), ('state', '!=', 'withdrawn'), ('is_cancelled', '=', False),
            ('id', '!=', exclude.id if exclude else 0),
        ]).mapped('act_date')
