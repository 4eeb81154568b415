from odoo import fields, models

from ..base.errors import coded_error


class AccountMove(models.Model):
    _inherit = 'account.move'

    aftersales_kind = fields.Selection(selection_add=[('payroll', "Rewards and Deductions")])

    def write(self, vals):
        if vals.get('state') in ('draft', 'cancel') and not self._is_guarded():
            self._ensure_not_payroll()
        return super().write(vals)

    def unlink(self):
        if not self._is_guarded():
            self._ensure_not_payroll()
        return super().unlink()

    def _ensure_not_payroll(self):
        """An entry of a payroll batch is taken back by a reversing batch only.

        :raise UserError: PPL-51.
        """
        if moves := self.filtered(lambda move: move.aftersales_kind == 'payroll' and move.posted_before):
            raise coded_error('PPL-51', self.env._(
                "%(move)s was posted by a payroll batch. Reverse the batch instead.", move=moves[0].name))
