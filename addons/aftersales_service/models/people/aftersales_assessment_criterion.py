from odoo import api, fields, models

GROUPS = [
    ('discipline', "Site management · labour discipline"),
    ('image', "Site management · work image"),
    ('attitude', "Service quality · attitude"),
    ('quality', "Service quality · quality"),
    ('target', "Targets"),
]


class AftersalesAssessmentCriterion(models.Model):
    """One criterion of the monthly assessment; eighteen are shipped, a company adds its own (R-ASM-01 to R-ASM-18)."""

    _name = 'aftersales.assessment.criterion'
    _description = "Criterion of assessment"
    _order = 'group, sequence, id'

    name = fields.Char(required=True, translate=True)
    text = fields.Text(translate=True, help="What is looked at.")
    code = fields.Char(index=True)
    group = fields.Selection(GROUPS, required=True, default='discipline')
    sequence = fields.Integer(default=10)
    weight = fields.Float(default=1.0, required=True)
    trade_only = fields.Boolean(string="Technicians only", help="Asked of people with a trade only.")
    date_from = fields.Date(help="Counts from this month on.")
    date_to = fields.Date(help="Counts up to this month.")
    company_id = fields.Many2one('res.company', index=True, help="Empty: every company.")
    active = fields.Boolean(default=True)

    _weight_positive = models.Constraint('CHECK(weight > 0)', "A weight is above zero; archive what does not count.")
    _dates = models.Constraint('CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)', "From lies before to.")

    @api.model
    def _for_month(self, company, month):
        """Return the criteria that count in a month.

        :param datetime.date month: first day.
        """
        return self.search([
            ('company_id', 'in', (company.id, False)),
            '|', ('date_from', '=', False), ('date_from', '<=', month),
            '|', ('date_to', '=', False), ('date_to', '>=', month),
        ])
