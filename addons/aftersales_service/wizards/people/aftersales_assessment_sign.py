from odoo import fields, models


class AftersalesAssessmentSign(models.TransientModel):
    """The person signs his own sheet, agreed or not, with a note."""

    _name = 'aftersales.assessment.sign'
    _description = "Sign my assessment"

    assessment_id = fields.Many2one('aftersales.assessment', required=True, readonly=True, ondelete='cascade')
    answer = fields.Selection([('agreed', "I agree"), ('disagreed', "I do not agree")], required=True, default='agreed')
    note = fields.Text(string="My note")
    signature = fields.Image()

    def action_confirm(self):
        """Sign; every check is the sheet's own."""
        self.ensure_one()
        self.assessment_id._see(self.with_context(bin_size=False).signature, self.answer == 'agreed', self.note or '')
        return {'type': 'ir.actions.act_window_close'}
