import base64
import binascii
import io

from odoo import fields, models

from ...rules import claim_match
from ..base.errors import coded_error

MOST_ROWS = 20000


class AftersalesWarrantyStatement(models.Model):
    """The manufacturer's workbook comes in and finds our claims."""

    _inherit = 'aftersales.warranty.statement'

    # === WORKBOOK === #

    def _import(self, file):
        """Read the manufacturer's workbook and match it; rows that cannot be read stay visible with their problem.

        A file may come in again: rows read from a file before are replaced.

        :param bytes file: base64, as a binary field holds it.
        :return: how many rows came in, how many of them with a problem.
        :rtype: tuple[int, int]
        :raise UserError: WAR-93 no workbook, or none of the columns; WAR-99 posted.
        """
        self.ensure_one()
        self.check_access('write')
        self._ensure_open()
        self._lock_sudo()
        self._ensure_open()
        template = self.template_id
        sheet = self._read_sheet(file)
        mapping = template._mapping()
        _head, columns = claim_match.find_head(sheet, mapping)
        if 'amount' not in columns or not {'their_number', 'our_number', 'vin'} & columns.keys():
            raise coded_error('WAR-93', self.env._(
                "The workbook has no column “%(amount)s” beside a claim number or a VIN. Enter the manufacturer's headings "
                "under “Columns” and import it again.", amount=mapping['amount'],
            ))
        rows = claim_match.read_rows(sheet, mapping)
        self.line_ids.filtered('from_file').unlink()
        self.env['aftersales.warranty.statement.line'].create([self._row_vals(row, template) for row in rows])
        self._match()
        return len(rows), sum(1 for row in rows if row.errors)

    def _row_vals(self, row, template):
        values = row.values
        amount = values['cents'] * self.currency_id.rounding
        if template.is_tax_excluded:
            amount = self._with_tax(amount)
        problems = [
            self.env._("Row %(row)s: “%(text)s” is no amount.", row=row.number, text=text)
            if field == 'amount' else self.env._("Row %(row)s: “%(text)s” is no date.", row=row.number, text=text)
            for field, text in row.errors
        ]
        return {
            'statement_id': self.id,
            'sequence': row.number,
            'from_file': True,
            'kind': 'extra' if template._is_extra(values) else 'claim',
            'their_number': values['their_number'] or False,
            'our_number': values['our_number'] or False,
            'vin': values['vin'] or False,
            'day': values['day'] or False,
            'amount': self.currency_id.round(amount),
            'note': values['note'] or False,
            'row_error': ' '.join(problems) or False,
        }

    def _with_tax(self, amount):
        tax = self.company_id.account_sale_tax_id.with_context(force_price_include=False)
        return tax.compute_all(amount, currency=self.currency_id)['total_included'] if tax else amount

    def _read_sheet(self, file):
        """Return the cells of the first sheet that holds more than one row."""
        import openpyxl  # noqa: PLC0415 - only this needs it; Odoo reads workbooks with it too

        try:
            book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file or b'')), read_only=True, data_only=True)
            sheets = (list(sheet.iter_rows(max_row=MOST_ROWS, values_only=True)) for sheet in book.worksheets)
            return next((rows for rows in sheets if len(rows) > 1), [])
        except (binascii.Error, OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise self._no_workbook() from error
        except Exception as error:  # openpyxl raises whatever its parsers raise
            raise self._no_workbook() from error

    def _no_workbook(self):
        return coded_error('WAR-93', self.env._("This file is no workbook (.xlsx). Save the manufacturer's list as .xlsx first."))

    # === MATCHING === #

    def _match(self):
        """Find the claim of each open line: by their number, by ours, by car, amount and day.

        What a person matched stays. A negative row looks among the claims that were credited before.

        :return: how many lines found their claim now.
        :rtype: int
        :raise UserError: WAR-99 posted.
        """
        self.check_access('write')
        self._ensure_open()
        found = 0
        for statement in self:
            lines = statement.line_ids.filtered(lambda line: line.kind == 'claim' and not line.claim_id and not line.row_error)
            backs = lines.filtered(lambda line: line.amount < 0)
            taken = statement.line_ids.claim_id
            found += (lines - backs)._match_with(statement._claims_to_match() - taken)
            if backs:
                found += backs._match_with(statement._credited_claims() - taken)
            statement._guarded().write({'matched_at': fields.Datetime.now()})
        return found

    def _credited_claims(self):
        self.ensure_one()
        return self.env['aftersales.warranty.claim'].search([
            ('company_id', '=', self.company_id.id),
            ('partner_id', 'child_of', self.partner_id.commercial_partner_id.id),
            ('statement_line_id', '!=', False),
        ])

    # === ACTIONS === #

    def action_match(self):
        self._match()
        return True

    def action_accept_all(self):
        """Take their amounts wherever they differ from the answer recorded before."""
        return self.line_ids.action_accept()

    def action_import(self):
        """Open the dialog that takes the manufacturer's workbook."""
        self.ensure_one()
        self._ensure_open()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Import the Manufacturer's List"),
            'res_model': 'aftersales.statement.import',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_statement_id': self.id},
        }
