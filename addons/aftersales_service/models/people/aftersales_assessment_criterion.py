from decimal import Decimal

from odoo import api, fields, models

from ...rules import conduct
from .const import SERVICE_MANAGER

GROUPS = [
    ('discipline', "Site management · labour discipline"),
    ('image', "Site management · work image"),
    ('attitude', "Service quality · attitude"),
    ('quality', "Service quality · quality"),
    ('target', "Targets"),
]
#: Facts of the month that can score a criterion by themselves; fields of the sheet.
SOURCES = [
    ('manual', "The superior scores"),
    ('order_count', "Orders"),
    ('revenue', "Revenue"),
    ('clocked_hours', "Clocked hours"),
    ('rework_count', "Rework"),
    ('on_time_percent', "On time %"),
    ('satisfaction', "Satisfaction"),
    ('worked_hours', "Worked hours"),
    ('absence_days', "Absence (days)"),
    ('late_count', "Late arrivals"),
    ('early_count', "Left early"),
    ('missing_count', "Days without attendance"),
    ('store_order_percent', "Order in the store %"),
]


class AftersalesAssessmentCriterion(models.Model):
    """One criterion of the monthly assessment; eighteen are shipped, a company adds its own (R-ASM-01 to R-ASM-18)."""

    _name = 'aftersales.assessment.criterion'
    _description = "Criterion of assessment"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    text = fields.Text(translate=True, help="What is looked at.")
    code = fields.Char(index=True)
    group = fields.Selection(GROUPS, required=True, default='discipline')
    sequence = fields.Integer(default=100, help="Shipped criteria come first, in the order of their groups.")
    weight = fields.Float(default=1.0, required=True)
    source = fields.Selection(
        SOURCES, string="Scored by", default='manual', required=True,
        help="A fact of the month scores the criterion by itself; without that fact the superior scores it.")
    target = fields.Float(string="Target of the month", help="What a month asks for: 60 hours, 90 %, at most 1 late arrival.")
    less_is_better = fields.Boolean(help="Points come off for each unit above the target.")
    points_off = fields.Float(string="Points off per unit", default=10.0, help="Where less is better.")
    job_ids = fields.Many2many(
        'hr.job', 'aftersales_assessment_criterion_job_rel', 'criterion_id', 'job_id', string="Positions",
        help="Asked of people in these positions; empty: of everybody.")
    role_id = fields.Many2one(
        'res.groups', string="Role", help="Asked of people with this role who do not lead the whole department.")
    trade_only = fields.Boolean(string="Technicians only", help="Asked of people with a trade only.")
    date_from = fields.Date(help="Counts from this month on.")
    date_to = fields.Date(help="Counts up to this month.")
    company_id = fields.Many2one('res.company', index=True, help="Empty: every company.")
    active = fields.Boolean(default=True)

    _weight_positive = models.Constraint('CHECK(weight > 0)', "A weight is above zero; archive what does not count.")
    _dates = models.Constraint('CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)', "From lies before to.")

    _target_positive = models.Constraint(
        'CHECK(target >= 0 AND points_off >= 0)', "A target and its points are not negative.")

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

    def _people_sudo(self, employees):
        """Return who of these people is asked for this criterion; sudo: positions and roles of others are HR's to read.

        :param employees: hr.employee.
        """
        self.ensure_one()
        people = employees.sudo()
        if self.trade_only:
            people = people.filtered('aftersales_trade')
        if self.job_ids:
            people = people.filtered(lambda person: person.job_id in self.job_ids)
        if role := self.sudo().role_id:
            # Whoever leads the department holds every role below; the criterion is meant for who does the work.
            users = role.all_user_ids - self.env.ref(SERVICE_MANAGER).sudo().all_user_ids
            people = people.filtered(lambda person: person.user_id in users)
        return people

    def _is_scoped(self):
        """Whether the criterion is asked of some positions or roles only."""
        return bool(self.job_ids or self.sudo().role_id)

    def _score_of(self, value):
        """Return the points of a fact against the target.

        :param float value: the month's figure.
        :rtype: float
        """
        self.ensure_one()
        return float(conduct.target_score(
            *(Decimal(str(number)) for number in (value, self.target)), not self.less_is_better, Decimal(str(self.points_off))))
