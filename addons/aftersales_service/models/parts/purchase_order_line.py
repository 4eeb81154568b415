from odoo import fields, models

from ..base.errors import coded_error
from .guard import is_open, opened


class PurchaseOrderLine(models.Model):
    _inherit = 'purchase.order.line'

    aftersales_line_id = fields.Many2one(
        'aftersales.repair.line',
        "Repair Line",
        index='btree_not_null',
        copy=False,
        readonly=True,
        ondelete='set null',
        check_company=True,
    )

    aftersales_request_id = fields.Many2one(
        'aftersales.part.request',
        "Part Request",
        index='btree_not_null',
        copy=False,
        readonly=True,
        ondelete='set null',
        check_company=True,
        help="The part is ordered for this repair order; goods stay goods, only the promise and the deposit hang on it.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not is_open(self) and any(
            line[name].id != vals[name]
            for name in ('aftersales_line_id', 'aftersales_request_id')
            if name in vals
            for line in self
        ):
            raise coded_error(
                'PAR-58',
                self.env._(
                    "The repair order of a purchased line cannot be changed by hand. Cancel it "
                    "and order it again from the right order.",
                ),
            )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _guarded_link(self, line):
        """Hang the purchase on another repair line (carry-over)."""
        if self:
            opened(self).write({'aftersales_line_id': line.id})
            self.order_id.write({'aftersales_order_id': line.order_id.id})

    def _aftersales_cost(self):
        """Return what the line costs us: price without tax plus the tax nobody gives back, in company currency."""
        self.ensure_one()
        taxes = self.tax_ids.with_context(round=False).compute_all(
            self.price_unit_discounted,
            currency=self.currency_id,
            quantity=self.product_qty,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return self.currency_id._convert(
            taxes['total_void'],
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _aftersales_billed_qty(self):
        """Return the quantity posted bills cover, credit notes taken off.

        :rtype: dict  `{line: float}` in the line's unit
        """
        billed = {}
        for line in self:
            billed[line] = sum(
                item.product_uom_id._compute_quantity(item.quantity, line.product_uom_id, rounding_method='HALF-UP')
                * (-1 if item.move_id.move_type == 'in_refund' else 1)
                for item in line.invoice_lines
                if item.parent_state == 'posted' and item.move_id.move_type in ('in_invoice', 'in_refund')
            )
        return billed
