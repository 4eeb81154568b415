from odoo import fields, models


class AftersalesClockWizard(models.TransientModel):
    """Correct a clock time, with a reason that stays."""

    _name = 'aftersales.clock.wizard'
    _description = "Correct Clock Time"

    time_id = fields.Many2one('aftersales.labour.time', required=True, readonly=True)
    employee_id = fields.Many2one(related='time_id.employee_id')
    start = fields.Datetime(required=True)
    stop = fields.Datetime()
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'clock')]", required=True)
    note = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        self.time_id._correct(self.start, self.stop, self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
