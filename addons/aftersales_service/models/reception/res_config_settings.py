from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    aftersales_appointment_reminder_hours = fields.Float(
        related='company_id.aftersales_appointment_reminder_hours', readonly=False)
    aftersales_appointment_late_minutes = fields.Integer(
        related='company_id.aftersales_appointment_late_minutes', readonly=False)
    aftersales_bookable_people = fields.Integer(related='company_id.aftersales_bookable_people', readonly=False)
    aftersales_bookable_share = fields.Float(related='company_id.aftersales_bookable_share', readonly=False)
    aftersales_dispatcher_id = fields.Many2one(related='company_id.aftersales_dispatcher_id', readonly=False)
    aftersales_parts_contact_id = fields.Many2one(related='company_id.aftersales_parts_contact_id', readonly=False)
    aftersales_reception_contact_id = fields.Many2one(
        related='company_id.aftersales_reception_contact_id', readonly=False)
    aftersales_service_manager_id = fields.Many2one(
        related='company_id.aftersales_service_manager_id', readonly=False)
    aftersales_greet_seconds = fields.Integer(related='company_id.aftersales_greet_seconds', readonly=False)

    def action_aftersales_renew_welcome(self):
        return self.company_id.action_aftersales_renew_welcome()
