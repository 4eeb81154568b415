from odoo import fields, models


class AftersalesVehicleBrand(models.Model):
    _inherit = 'aftersales.vehicle.brand'

    claim_partner_id = fields.Many2one('res.partner', "Manufacturer", help="Pays warranty work and receives the old parts.")
