from odoo import fields, models


class AftersalesAppointmentCancelWizard(models.TransientModel):
    """Asks why appointments are cancelled."""

    _name = 'aftersales.appointment.cancel.wizard'
    _description = "Cancel Appointment"

    appointment_ids = fields.Many2many(comodel_name='aftersales.appointment', required=True, readonly=True)
    reason_id = fields.Many2one(
        comodel_name='aftersales.reason', required=True, domain=[('kind', '=', 'cancel')])
    note = fields.Char()

    def action_cancel(self):
        self.ensure_one()
        self.appointment_ids._cancel(self.reason_id, self.note)
        return {'type': 'ir.actions.act_window_close'}
