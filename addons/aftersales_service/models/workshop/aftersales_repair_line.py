from odoo import api, fields, models


class AftersalesRepairLine(models.Model):
    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset({'operation_id', 'clocked_hours', 'warranty_until', 'warranty_km'})

    operation_id = fields.Many2one(
        'aftersales.operation', readonly=True, copy=False, index='btree_not_null', ondelete='set null'
    )
    clocked_hours = fields.Float(store=True, digits=(16, 4))
    warranty_until = fields.Date("Own Warranty Until", readonly=True, copy=False)
    warranty_km = fields.Integer("Own Warranty Until (km)", readonly=True, copy=False)

    @api.depends('operation_id.clocked_hours', 'operation_id.line_ids.book_hours', 'kind')
    def _compute_clocked_hours(self):
        """Spread the clock of an operation over its labour lines by book time; lines without book time share alike."""
        for line in self:
            labour = line.operation_id.line_ids.filtered(lambda other: other.kind == 'labour')
            if line.kind != 'labour' or not labour:
                line.clocked_hours = 0.0
                continue
            booked = sum(labour.mapped('book_hours'))
            weight = line.book_hours / booked if booked else 1 / len(labour)
            line.clocked_hours = line.operation_id.clocked_hours * weight
