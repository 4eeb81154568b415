from odoo import api, fields, models

from ...models.base.errors import coded_error
from ...rules import indicators as indicator_rules

PERIODS = [
    ('this_month', "This month"),
    ('last_month', "Last month"),
    ('this_quarter', "This quarter"),
    ('last_quarter', "Last quarter"),
    ('this_year', "This year"),
    ('last_year', "Last year"),
    ('last_12_months', "Last 12 months"),
    ('own', "From … to …"),
]


class AftersalesIndicatorPeriod(models.TransientModel):
    """Which days the indicators speak of."""

    _name = 'aftersales.indicator.period'
    _description = "Period of the indicators"

    period = fields.Selection(PERIODS, required=True, default='last_month')
    date_from = fields.Date(compute='_compute_dates', store=True, readonly=False, required=True)
    date_to = fields.Date(compute='_compute_dates', store=True, readonly=False, required=True)

    # === COMPUTE METHODS === #

    @api.depends('period')
    def _compute_dates(self):
        for wizard in self:
            today = self.env.company._aftersales_today()
            if wizard.period != 'own':
                wizard.date_from, wizard.date_to = indicator_rules.period(wizard.period, today)
            else:
                wizard.date_from = wizard.date_from or today.replace(day=1)
                wizard.date_to = wizard.date_to or today

    # === ACTION METHODS === #

    def action_show(self):
        """Show the indicators of the period.

        :raise UserError: BAS-15 the period ends before it begins.
        """
        self.ensure_one()
        if self.date_to < self.date_from:
            raise coded_error('BAS-15', self.env._(
                "The period ends on %(end)s, before it begins on %(start)s. Exchange the dates.",
                end=self.date_to, start=self.date_from,
            ))
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_indicator_action')
        action['context'] = {
            'aftersales_date_from': fields.Date.to_string(self.date_from),
            'aftersales_date_to': fields.Date.to_string(self.date_to),
        }
        action['target'] = 'main'
        return action
