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
