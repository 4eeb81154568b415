from odoo import fields, models


class AccountMove(models.Model):
    """A manufacturer's invoice over many claims: locked like an order's, kept in step by its statement."""

    _inherit = 'account.move'
    _guarded_fields = frozenset({'aftersales_statement_id'})

    aftersales_statement_id = fields.Many2one(
        'aftersales.warranty.statement', "Manufacturer's Statement", copy=False, readonly=True, index='btree_not_null',
        ondelete='restrict',
    )
    aftersales_kind = fields.Selection(
        selection_add=[('netting', "Netting with a Manufacturer"), ('accrual', "Claims Not Invoiced Yet"), ('recourse', "Charge-back Passed On")],
        ondelete={'netting': 'set null', 'accrual': 'set null', 'recourse': 'set null'},
    )

    def _aftersales_owned(self):
        return super()._aftersales_owned() | self.filtered('aftersales_statement_id')

    def _aftersales_link_names(self):
        return (*super()._aftersales_link_names(), 'aftersales_statement_id')

    def _aftersales_document(self):
        return self.aftersales_statement_id or super()._aftersales_document()

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.aftersales_statement_id.sudo()._follow_payment_sudo()
        return result


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'
    _guarded_fields = frozenset({'aftersales_statement_line_id'})

    aftersales_statement_line_id = fields.Many2one(
        'aftersales.warranty.statement.line', "Line of the Statement", copy=False, readonly=True, index='btree_not_null',
        ondelete='restrict',
    )


class AccountPartialReconcile(models.Model):
    _inherit = 'account.partial.reconcile'

    def unlink(self):
        # A payment taken off an invoice makes its claims open again.
        statements = (self.debit_move_id | self.credit_move_id).move_id.aftersales_statement_id.sudo()
        result = super().unlink()
        statements._follow_payment_sudo()
        return result


class AftersalesWarrantyStatement(models.Model):
    _inherit = 'aftersales.warranty.statement'

    def _follow_payment_sudo(self):
        """Let claims and orders follow the payment of the invoices; sudo: whoever matches money need not see claims."""
        claims = self.sudo().line_ids.filtered('is_booked').claim_id
        claims._advance()
        claims.order_id._guarded()._after_payment()
