from odoo import fields, models

from .guard import opened


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    # Not copied: a duplicated invoice must not carry a second revenue of the same line.
    aftersales_order_id = fields.Many2one(
        'aftersales.repair.order',
        "Repair Order",
        index='btree_not_null',
        copy=False,
        readonly=True,
        ondelete='restrict',
        check_company=True,
    )
    aftersales_line_id = fields.Many2one(
        'aftersales.repair.line',
        "Repair Line",
        index='btree_not_null',
        copy=False,
        readonly=True,
        ondelete='restrict',
        check_company=True,
    )

    # === BUSINESS METHODS === #

    def _aftersales_book_on_order(self):
        """Send bill lines of subcontracted work to their order: work in progress, or cost when it is settled already."""
        for item in self:
            line = item.sudo().purchase_line_id.aftersales_line_id
            account = line._sublet_target_account()
            opened(item).write(
                {
                    'aftersales_order_id': line.order_id.id,
                    'aftersales_line_id': line.id,
                    **({'account_id': account.id} if account else {}),
                }
            )
