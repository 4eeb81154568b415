from odoo import fields, models


class AftersalesPayrollReverse(models.TransientModel):
    """Reverse a handed-over batch, with a reason."""

    _name = 'aftersales.payroll.reverse'
    _description = "Reverse a payroll batch"

    batch_id = fields.Many2one('aftersales.payroll.batch', required=True, readonly=True, ondelete='cascade')
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Make the reversing batch and open it: another person confirms it."""
        return self.batch_id._reverse(self.reason)._get_records_action(name=self.env._("Reversing batch"))
