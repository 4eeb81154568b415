from odoo import api, fields, models


class AftersalesTakeBackWizard(models.TransientModel):
    """How many of a part come back, who brings them, and whether they are damaged."""

    _name = 'aftersales.take.back.wizard'
    _description = "Take Back Parts"

    line_id = fields.Many2one('aftersales.repair.line', required=True, readonly=True)
    product_id = fields.Many2one(related='line_id.product_id')
    product_uom_id = fields.Many2one(related='line_id.product_uom_id')
    net_issued_qty = fields.Float(related='line_id.net_issued_qty')
    quantity = fields.Float(
        digits='Product Unit', required=True, compute='_compute_quantity', store=True, readonly=False, precompute=True
    )
    receiver_id = fields.Many2one('hr.employee', "Brought By")
    is_damaged = fields.Boolean("Damaged", help="Goes to the Hold location instead of the shelf; scrap it there.")
    is_keeper = fields.Boolean(compute='_compute_is_keeper')

    @api.depends('line_id')
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.line_id.net_issued_qty

    @api.depends_context('uid')
    def _compute_is_keeper(self):
        self.is_keeper = self.env.user.has_group('aftersales_service.group_parts_keeper')

    def action_confirm(self):
        """Put the part back (keeper), or announce it for the keeper's list."""
        self.ensure_one()
        # sudo: where damaged parts go is no secret, and a technician cannot read warehouses.
        hold = self.line_id.order_id.sudo().warehouse_id.aftersales_hold_location_id if self.is_damaged else None
        if self.is_keeper:
            self.line_id._return_parts(self.quantity, self.receiver_id, hold)
        else:
            self.line_id._announce_return(self.quantity, hold)
        return {'type': 'ir.actions.act_window_close'}
