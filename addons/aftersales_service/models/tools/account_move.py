from odoo import fields, models

from ..base.errors import coded_error
from ..settlement.account_move import BACKWARD_STATES


class AccountMove(models.Model):
    _inherit = 'account.move'
    _guarded_fields = frozenset({'aftersales_tool_move_id'})

    aftersales_kind = fields.Selection(selection_add=[('tool', "Tools")])
    aftersales_tool_move_id = fields.Many2one(
        'aftersales.tool.move', "Tool Ledger Entry", copy=False, readonly=True, index='btree_not_null',
        ondelete='restrict', help="Loss or disposal that this entry takes off the books.",
    )

    def write(self, vals):
        if vals.get('state') in BACKWARD_STATES and not self._is_guarded():
            for move in self.filtered(lambda move: move.aftersales_kind == 'tool' and move.state == 'posted'):
                raise coded_error('TOO-91', self.env._(
                    "%(move)s follows the tool ledger. Reverse the entry of the ledger and book the tools again.",
                    move=move.name))
        return super().write(vals)


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'
    _guarded_fields = frozenset({'aftersales_tool_id'})

    aftersales_tool_id = fields.Many2one(
        'aftersales.tool', "Tool", copy=False, readonly=True, index='btree_not_null', ondelete='restrict'
    )
