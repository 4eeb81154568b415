from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import is_open


class AccountMove(models.Model):
    """Entries of stock counts: the adjustment itself and the decision about it; nobody takes them back by hand."""

    _inherit = 'account.move'

    aftersales_count_id = fields.Many2one(
        'aftersales.stock.count', "Stock Count", copy=False, readonly=True, index='btree_not_null', ondelete='restrict'
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self) and any(vals.get('aftersales_count_id') for vals in vals_list):
            self._refuse_count_link()
        return super().create(vals_list)

    def write(self, vals):
        if not is_open(self):
            if 'aftersales_count_id' in vals and any(move.aftersales_count_id.id != vals['aftersales_count_id'] for move in self):
                self._refuse_count_link()
            if vals.get('state') in ('draft', 'cancel'):
                self.filtered(lambda move: move.state == 'posted')._ensure_no_count()
        return super().write(vals)

    def _refuse_count_link(self):
        raise coded_error('CNT-32', self.env._("Only a stock count links its own entries."))

    def _ensure_no_count(self):
        """:raise UserError: CNT-33"""
        for move in self.filtered('aftersales_count_id'):
            raise coded_error('CNT-33', self.env._(
                "%(entry)s belongs to stock count %(count)s and cannot be reset, cancelled or deleted. Reverse the decision "
                "on the count instead, or count the part again.", entry=move.name or move.ref, count=move.aftersales_count_id.name,
            ))
