from odoo import fields, models

from ..base.errors import coded_error
from .aftersales_gate_pass import HANDOUTS


class AftersalesHandout(models.Model):
    """One thing that goes back to the customer with the car, ticked when it was handed out."""

    _name = 'aftersales.handout'
    _description = "Item Handed Out"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'pass_id, id'
    _guarded_fields = frozenset({'pass_id', 'code', 'is_needed', 'done_by_id', 'done_at'})

    pass_id = fields.Many2one('aftersales.gate.pass', string="Gate pass", required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='pass_id.company_id', store=True)
    code = fields.Selection(HANDOUTS, required=True, readonly=True)
    name = fields.Char(required=True)
    is_needed = fields.Boolean(readonly=True, default=True)
    is_done = fields.Boolean("Handed Out")
    done_by_id = fields.Many2one('res.users', readonly=True)
    done_at = fields.Datetime(readonly=True)

    def write(self, vals):
        if 'is_done' in vals:
            if any(item.pass_id.state != 'issued' for item in self):
                raise coded_error('SET-93', self.env._("The car has left; its hand-out list stays as it is."))
            self._stamp_sudo(bool(vals['is_done']))
        return super().write(vals)

    def _stamp_sudo(self, done):
        """Record who ticked the item; sudo: the caller may write the tick."""
        self._guarded().sudo().write(
            {'done_by_id': self.env.uid if done else False, 'done_at': fields.Datetime.now() if done else False}
        )
