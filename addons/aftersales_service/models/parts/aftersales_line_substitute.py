from odoo import models

from ..base.errors import coded_error


class AftersalesRepairLine(models.Model):
    """Superseded parts: the one that replaces it is offered while estimating and when it is missing (R-PART-21)."""

    _inherit = 'aftersales.repair.line'

    def action_use_substitute(self):
        """Put the part on the line that replaces it (advisor); the customer is asked again where the price changes."""
        for line in self:
            line._use_substitute()
        return True

    def _use_substitute(self):
        """Exchange a superseded part for its successor; what was only reserved or missing is given back first.

        :raise UserError: PAR-312 nothing replaces it, PAR-313 some of it is built in already.
        """
        self.ensure_one()
        self.order_id.check_access('write')
        substitute = self.product_id._aftersales_substitute()
        if not substitute or not self._is_stock_part():
            raise coded_error('PAR-312', self.env._("Nothing replaces “%(line)s”.", line=self.name))
        if self.product_uom_id.compare(self.issued_qty, 0) > 0:
            raise coded_error('PAR-313', self.env._(
                "%(issued)s of “%(line)s” are issued already. Take them back, or add the replacement as another line.",
                issued=self.issued_qty, line=self.name,
            ))
        self._cancel_open_requests_sudo()
        former = self.product_id
        self.product_id = substitute
        self.order_id.message_post(body=self.env._(
            "%(new)s instead of %(old)s, which it supersedes.", new=substitute.display_name, old=former.display_name,
        ))
        # What is still approved is asked for at once; else the customer is asked first.
        self.order_id._advance()

    def _cancel_open_requests_sudo(self):
        """Give back what the line waits for; sudo: the right to change the order was checked."""
        moves = self.sudo().move_ids.filtered(
            lambda move: move.aftersales_kind == 'issue' and move.state not in ('done', 'cancel'),
        )
        moves._action_cancel()
