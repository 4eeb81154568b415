from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesWorkshopHandover(models.Model):
    """The moment the front desk gives the car to the workshop: who took it, when, and what went along."""

    _name = 'aftersales.workshop.handover'
    _description = "Hand-over to the Workshop"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'at desc, id desc'
    _guarded_fields = frozenset(
        {
            'order_id',
            'receiver_id',
            'at',
            'recorded_at',
            'user_id',
            'late_reason',
            'has_key',
            'has_order',
            'has_sheet',
            'is_explained',
            'wash_before',
            'note',
            'is_auto',
        }
    )

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    receiver_id = fields.Many2one('hr.employee', "Received By", readonly=True, ondelete='restrict')
    at = fields.Datetime("Handed Over", required=True, readonly=True)
    recorded_at = fields.Datetime("Recorded", required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Handed Over By", readonly=True)
    late_reason = fields.Char("Why Recorded Late", readonly=True)
    has_key = fields.Boolean("Key", readonly=True)
    has_order = fields.Boolean("Repair Order", readonly=True)
    has_sheet = fields.Boolean("Intake Sheet", readonly=True)
    is_explained = fields.Boolean("Contents and Time Explained", readonly=True)
    wash_before = fields.Char(
        "Wash Before Work", readonly=True, help="Why the car is washed before it enters (R-PROC-55)."
    )
    note = fields.Text(readonly=True)
    is_auto = fields.Boolean(
        "By Dispatching", readonly=True, help="Stamped by the dispatch, since the profile asks for no hand-over."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-40', self.env._("A hand-over is recorded with “Hand over” on the order."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))
