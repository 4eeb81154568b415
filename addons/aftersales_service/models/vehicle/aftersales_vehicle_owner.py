from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesVehicleOwner(models.Model):
    """Who owned a vehicle from when to when (R-INS-12). Written by the vehicle when its owner changes."""

    _name = 'aftersales.vehicle.owner'
    _description = "Owner of a vehicle"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'date_from desc, id desc'
    _rec_name = 'partner_id'
    _guarded_fields = frozenset({
        'vehicle_id', 'partner_id', 'date_from', 'date_to', 'note', 'user_id', 'shares_history',
    })

    vehicle_id = fields.Many2one('aftersales.vehicle', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='vehicle_id.company_id', store=True, index=True)
    partner_id = fields.Many2one(
        'res.partner', string="Owner", required=True, readonly=True, index=True, ondelete='restrict',
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", readonly=True, help="Empty: owns it today.")
    note = fields.Char(readonly=True)
    user_id = fields.Many2one('res.users', string="Recorded by", readonly=True)
    shares_history = fields.Boolean(
        string="Sees earlier history", readonly=True,
        help="The new owner may be told what was done to the car before he owned it.",
    )

    _current_uniq = models.UniqueIndex("(vehicle_id) WHERE date_to IS NULL", "A vehicle has one owner at a time.")
    _dates = models.Constraint('CHECK(date_to IS NULL OR date_to >= date_from)', "Ownership ends after it begins.")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('BAS-01', self.env._("The owner is changed with the button on the vehicle."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('VEH-09', self.env._(
            "The history of owners is kept. Use “Change owner” with “Correction” to repair a mistake."
        ))
