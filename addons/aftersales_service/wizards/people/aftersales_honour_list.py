from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.base.errors import coded_error
from ...models.people.const import GENERAL_MANAGER, HR_OFFICER, SERVICE_MANAGER

RULE_OF = {'accident': 'R02', 'target': 'R03', 'absence': 'R05'}


class AftersalesHonourList(models.TransientModel):
    """Whom the year's end may praise: without accident, without absence, targets reached (R-RWD-02, -03, -05).

    The list proposes; each reward is proposed and decided by people like any other.
    """

    _name = 'aftersales.honour.list'
    _description = "Honours of the year"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    year = fields.Integer(required=True, default=lambda self: self.env.company._aftersales_today().year)
    kind = fields.Selection(
        [('accident', "No accident all year"), ('absence', "No absence all year"), ('target', "Targets reached all year")],
        required=True, default='accident')
    line_ids = fields.One2many('aftersales.honour.line', 'list_id', readonly=True)
    listed_count = fields.Integer(compute='_compute_listed_count', string="On the list")

    @api.depends('line_ids.is_listed')
    def _compute_listed_count(self):
        for honours in self:
            honours.listed_count = len(honours.line_ids.filtered('is_listed'))

    @api.model
    def action_open(self):
        """Open the list of this year, computed."""
        honours = self.create({})
        honours.action_show()
        return honours._get_records_action(name=self.env._("Honours of the Year"), target='new')

    def action_show(self):
        """Compute the list anew for the chosen year and kind, and stay on it.

        :raise ValidationError: PPL-73 no such year.
        """
        self.ensure_one()
        if not 2000 <= self.year <= self.company_id._aftersales_today().year:
            raise coded_error('PPL-73', self.env._("Choose a year up to this one."), ValidationError)
        self.line_ids.unlink()
        self.env['aftersales.honour.line'].create([{**vals, 'list_id': self.id} for vals in self._lines()])
        return self._get_records_action(name=self.env._("Honours of the Year"), target='new')

    def _lines(self):
        """Return a line for each person of the year, those on the list first, with what speaks for or against it.

        :raise AccessError: PPL-15 the list compares people: for HR and the managers.
        """
        self.ensure_one()
        self.env['aftersales.conduct.record']._ensure_group(HR_OFFICER, SERVICE_MANAGER, GENERAL_MANAGER)
        company, year, _ = self.company_id, self.year, self.env._
        people = company._aftersales_year_people_sudo(year)
        attendance = company._aftersales_year_attendance_sudo(year, people)
        accidents = company._aftersales_year_accidents_sudo(year) if self.kind == 'accident' else {}
        scores = company._aftersales_year_scores_sudo(year) if self.kind == 'target' else {}
        lines = []
        for person in people:
            fact = attendance.get(person, {})
            worked = fact.get('worked_days', 0)
            away = fact.get('absence_days', 0) + fact.get('missing_count', 0) + fact.get('conduct_days', 0)
            if self.kind == 'accident':
                number = accidents.get(person, 0)
                listed, reason = not number, _("%(number)s accidents", number=number) if number else ''
            elif self.kind == 'absence':
                listed = bool(worked) and not away
                reason = '' if listed else _("%(number)s days away", number=round(away, 2)) if worked or away else _("Does not punch")
            else:
                score, sheets = scores.get(person, (0.0, 0))
                listed = bool(sheets) and score >= company.aftersales_grade_a
                reason = _("%(score)s points in %(number)s sheets", score=score, number=sheets) if sheets else _("No approved sheet")
            lines.append({'employee_id': person.id, 'is_listed': listed, 'reason': reason, 'worked_days': worked})
        return sorted(lines, key=lambda line: not line['is_listed'])

    def _is_on_list(self, employee):
        """Whether the facts put this person on the list; what a browser sends back is not believed."""
        return any(line['is_listed'] and line['employee_id'] == employee.id for line in self._lines())

    def _rule(self):
        """Return the rule of the rule book in force under which this honour is rewarded.

        :raise ValidationError: PPL-71 no rule in force.
        """
        self.ensure_one()
        book = self.env['aftersales.conduct.rulebook']._at(self.company_id, self.company_id._aftersales_today())
        rule = book.rule_ids.filtered(lambda rule: rule.kind == 'reward' and rule.code == RULE_OF[self.kind])
        if not rule:
            raise coded_error('PPL-71', self.env._(
                "The rule book in force has no reward %(code)s. Publish the rules of conduct first.", code=RULE_OF[self.kind],
            ), ValidationError)
        return rule
