from odoo import fields, models


class AftersalesAssessmentWizard(models.TransientModel):
    """Make the sheets of a month: everybody, or the people of some departments."""

    _name = 'aftersales.assessment.wizard'
    _description = "New assessment sheets"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    month = fields.Date(required=True, default=lambda self: fields.Date.subtract(self.env.company._aftersales_today(), months=1))
    department_ids = fields.Many2many('hr.department', string="Departments", help="Empty: everybody.")

    def action_make(self):
        """Make the sheets and open them."""
        self.ensure_one()
        people = self.env['hr.employee.public'].search([
            ('company_id', '=', self.company_id.id),
            *([('department_id', 'child_of', self.department_ids.ids)] if self.department_ids else []),
        ])
        sheets = self.env['aftersales.assessment']._make_sheets(self.company_id, self.month, self.env['hr.employee'].browse(people.ids))
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_assessment_action')
        return action | {'domain': [('month', '=', self.month.replace(day=1))], 'context': {}} if sheets else action
