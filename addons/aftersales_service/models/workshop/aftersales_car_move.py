from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesCarMove(models.Model):
    """Who moved a customer's car, from where to where (R-ROLE-14, R-PERM-08)."""

    _name = 'aftersales.car.move'
    _description = "Car Move"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'at desc, id desc'
    _guarded_fields = frozenset({'order_id', 'employee_id', 'at', 'place_from', 'place_to', 'note'})

    order_id = fields.Many2one('aftersales.repair.order', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='order_id.company_id', store=True, index=True)
    employee_id = fields.Many2one(
        'hr.employee', "Driver", required=True, readonly=True, ondelete='restrict', index=True
    )
    at = fields.Datetime(required=True, readonly=True)
    place_from = fields.Char("From", readonly=True)
    place_to = fields.Char("To", required=True, readonly=True)
    note = fields.Char(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-63', self.env._("A move is recorded with “Move car” on the order."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('WRK-24', self.env._("Recorded facts of the workshop are not deleted."))
