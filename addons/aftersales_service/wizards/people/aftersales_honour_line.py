from odoo import fields, models

from ...models.base.errors import coded_error


class AftersalesHonourLine(models.TransientModel):
    """A person of the year."""

    _name = 'aftersales.honour.line'
    _description = "Line of the honours"
    _order = 'is_listed desc, id'

    list_id = fields.Many2one('aftersales.honour.list', required=True, ondelete='cascade')
    employee_id = fields.Many2one('hr.employee', readonly=True)
    is_listed = fields.Boolean(string="On the list", readonly=True)
    reason = fields.Char(readonly=True)
    worked_days = fields.Integer(string="Days attended", readonly=True)
    record_id = fields.Many2one('aftersales.conduct.record', string="Reward", readonly=True)

    def action_propose(self):
        """Propose praise for the person; a manager decides as always.

        :raise UserError: PPL-72 the person is not on the list; PPL-71 no rule.
        """
        self.ensure_one()
        honours = self.list_id
        if self.record_id:
            return self.record_id._get_records_action()
        if not honours._is_on_list(self.employee_id):
            raise coded_error('PPL-72', self.env._(
                "%(person)s is not on the list: %(reason)s.", person=self.employee_id.name, reason=self.reason or '—'))
        rule = honours._rule()
        today = honours.company_id._aftersales_today()
        kinds = dict(honours._fields['kind']._description_selection(self.env))
        self.record_id = self.env['aftersales.conduct.record'].create({
            'employee_id': self.employee_id.id, 'company_id': honours.company_id.id, 'rule_id': rule.id, 'kind': 'reward',
            'act_date': today, 'discovered_on': today, 'summary': f'{kinds[honours.kind]} {honours.year}',
            'measure_id': self.env.ref('aftersales_service.conduct_measure_praise').id,
        })
        return self.record_id._get_records_action()
