from odoo import fields, models


class AftersalesCheckWizardLine(models.TransientModel):
    """One item while it is being looked at."""

    _name = 'aftersales.check.wizard.line'
    _description = "Item to Inspect"

    wizard_id = fields.Many2one('aftersales.check.wizard', required=True, ondelete='cascade')
    template_line_id = fields.Many2one('aftersales.quality.template.line')
    name = fields.Char(required=True)
    is_measure = fields.Boolean()
    value = fields.Float("Measured Value", digits=(16, 3))
    unit = fields.Char()
    result = fields.Selection(
        [('ok', "In Order"), ('limit', "Limit Reached"), ('fail', "Not in Order")], required=True, default='ok'
    )
    note = fields.Char()
