from odoo import fields, models


class HrWorkLocation(models.Model):
    _inherit = 'hr.work.location'

    aftersales_forbids_fines = fields.Boolean(
        string="Fines forbidden here", help="The law of this place sanctions rules that contain fines: none is decided here.")
