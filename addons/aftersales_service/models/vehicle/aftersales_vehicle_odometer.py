from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesVehicleOdometer(models.Model):
    """One reading of the odometer, or the fact that it could not be read. Written once, by a verb; never changed."""

    _name = 'aftersales.vehicle.odometer'
    _description = "Odometer reading"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'value'
    _guarded_fields = frozenset({
        'vehicle_id', 'value', 'is_unreadable', 'is_replacement', 'date', 'reason_id', 'note', 'user_id', 'res_model',
        'res_id', 'source',
    })

    vehicle_id = fields.Many2one('aftersales.vehicle', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='vehicle_id.company_id', store=True, index=True)
    value = fields.Integer(string="Reading (km)", readonly=True, aggregator='max')
    is_unreadable = fields.Boolean(string="Unreadable", readonly=True, help="The display was dark or broken.")
    is_replacement = fields.Boolean(
        string="New instrument", readonly=True, help="First reading of an instrument that replaced the old one.",
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    reason_id = fields.Many2one(
        'aftersales.reason', readonly=True, ondelete='restrict', index='btree_not_null',
        help="Why a reading below the last one was accepted.",
    )
    note = fields.Char(readonly=True)
    user_id = fields.Many2one('res.users', string="Read by", readonly=True)
    res_model = fields.Char(string="Document type", readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field='res_model', readonly=True)
    source = fields.Char(readonly=True, help="Document on which the reading was taken.")

    _vehicle_date_idx = models.Index("(vehicle_id, date DESC, id DESC)")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('BAS-01', self.env._("An odometer reading is recorded with the button on the vehicle."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('VEH-09', self.env._(
            "Odometer readings are kept. Record the right value with a reason instead of deleting the wrong one."
        ))

    # === ACTION METHODS === #

    def action_open_source(self):
        """Open the document on which the reading was taken."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }
