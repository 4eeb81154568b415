from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import is_open, opened

FACTS = frozenset({
    'aftersales_count_line_id', 'aftersales_explain_reason_id', 'aftersales_explain_note', 'aftersales_explained_by_id',
})


class StockMove(models.Model):
    """Adjustments: which count they come from; those without one are bypasses that somebody explains (R-PART-17)."""

    _inherit = 'stock.move'

    aftersales_count_line_id = fields.Many2one(
        'aftersales.stock.count.line', "Count Line", readonly=True, copy=False, index='btree_not_null', ondelete='restrict'
    )
    aftersales_count_id = fields.Many2one(related='aftersales_count_line_id.count_id', string="Stock Count")
    aftersales_explain_reason_id = fields.Many2one(
        'aftersales.reason', "Explanation", readonly=True, copy=False, domain=[('kind', '=', 'count')], ondelete='restrict'
    )
    aftersales_explain_note = fields.Char("Explained With", readonly=True, copy=False)
    aftersales_explained_by_id = fields.Many2one('res.users', "Explained By", readonly=True, copy=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_open(self) and any(vals.get(name) for vals in vals_list for name in FACTS):
            self._refuse_count_facts()
        return super().create(vals_list)

    def write(self, vals):
        if FACTS & vals.keys() and not is_open(self):
            self._refuse_count_facts()
        return super().write(vals)

    def _refuse_count_facts(self):
        raise coded_error('CNT-29', self.env._(
            "Which count an adjustment belongs to is recorded by the count itself, its explanation by “Explain”."))

    # === BUSINESS METHODS: BYPASSES === #

    @api.model
    def _aftersales_bypass_domain(self):
        """Return the domain of adjustments that no count made: they changed stock without a second pair of eyes."""
        return [
            ('state', '=', 'done'), ('is_inventory', '=', True), ('aftersales_count_line_id', '=', False), ('quantity', '!=', 0),
            # Moving goods to another shelf is an inventory move of Odoo too, and no adjustment.
            '|', ('location_id.usage', '=', 'inventory'), ('location_dest_id.usage', '=', 'inventory'),
        ]

    def _aftersales_explain(self, reason, note=False):
        """Explain adjustments made without a count; another person than who made them.

        :param reason: aftersales.reason of kind `count`.
        :raise UserError: CNT-04 role, CNT-30 nothing to explain or no reason, CNT-31 own adjustment
        """
        if not self.env.user.has_groups('aftersales_service.group_parts_manager,aftersales_service.group_accountant'):
            raise coded_error('CNT-04', self.env._("Adjustments without a count are explained by the parts manager or the accountant."))
        self.check_access('read')
        if not self or not reason or reason.kind != 'count' or self - self.filtered_domain(self._aftersales_bypass_domain()):
            raise coded_error('CNT-30', self.env._("Choose adjustments made without a count, and the reason for them."))
        for move in self:
            if move.company_id._aftersales_gate('count_four_eyes') in ('block', 'override') and move.create_uid == self.env.user:
                raise coded_error('CNT-31', self.env._(
                    "You adjusted %(part)s yourself: somebody else explains it.", part=move.product_id.display_name))
        # sudo: an accountant has no right to write on movements, only to explain these.
        opened(self.sudo()).write({
            'aftersales_explain_reason_id': reason.id, 'aftersales_explain_note': note, 'aftersales_explained_by_id': self.env.uid,
        })
        return True
