from odoo import fields, models

from ..base.errors import coded_error


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

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not self._is_guarded():
            # Beside the statement its claims would stay credited, and their cost would stay where it is.
            for move in self.filtered(lambda move: move.aftersales_statement_id and move.move_type == 'out_invoice'):
                raise coded_error('WAR-99', self.env._(
                    "%(move)s belongs to %(statement)s. Reverse the statement, or record a charge-back on the claim.",
                    move=move.name, statement=move.aftersales_statement_id.display_name))
        return super()._reverse_moves(default_values_list, cancel)

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.aftersales_statement_id.sudo()._follow_payment_sudo()
        return result
