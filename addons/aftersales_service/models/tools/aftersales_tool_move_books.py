from odoo import fields, models

from ..base.errors import coded_error
from .const import GONE


class AftersalesToolMove(models.Model):
    """What an entry of the tool ledger did to the books (accounting 23)."""

    _inherit = 'aftersales.tool.move'

    account_move_ids = fields.One2many(
        'account.move', 'aftersales_tool_move_id', "Journal Entries", readonly=True,
        groups='account.group_account_readonly,aftersales_service.group_accountant',
    )
    is_booked = fields.Boolean("Has Journal Entry", readonly=True, copy=False)
    booked_qty = fields.Integer(
        "Pieces Booked", readonly=True, copy=False, help="How many of its pieces stood on the books.",
    )

    # === BUSINESS METHODS === #

    def _reverse(self, reason):
        """Refuse to undo the receipt of goods that left stock for the tool room: they are there, and on the books.

        :raise UserError: TOO-94, as `_reverse` of the ledger does.
        """
        bought = self.sudo().filtered(lambda move: move.kind == 'receipt' and move.tool_id.book_qty)
        if bought:
            raise coded_error('TOO-94', self.env._(
                "%(tool)s was bought and stands on the books: dispose of it, or count it, instead of undoing its receipt.",
                tool=bought[0].tool_id.display_name,
            ))
        return super()._reverse(reason)

    def _leaves_books(self):
        """Whether its pieces left: lost, disposed of, or missing at a count."""
        self.ensure_one()
        return self.dest_place in GONE and self.source_place not in GONE

    def _origin_off_books(self):
        """Return the entry with which the pieces had left that this one brings back; may be empty."""
        self.ensure_one()
        if self.source_place not in GONE or self.dest_place in GONE:
            return self.browse()
        origin = self.reversed_move_id or self.previous_move_id
        # What is lost may have gone to another keeper's sub-ledger meanwhile.
        while origin and not origin._leaves_books():
            origin = origin.previous_move_id
        return origin
