from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = 'account.partial.reconcile'

    def unlink(self):
        # A payment taken off an invoice makes its claims open again.
        statements = (self.debit_move_id | self.credit_move_id).move_id.aftersales_statement_id.sudo()
        result = super().unlink()
        statements._follow_payment_sudo()
        return result
