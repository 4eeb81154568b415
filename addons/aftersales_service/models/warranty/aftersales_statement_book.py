from odoo import models

from ...reports.base.workbook import Column, workbook


class AftersalesWarrantyStatement(models.Model):
    """The difference list of a statement, as a workbook for the manufacturer."""

    _inherit = 'aftersales.warranty.statement'

    def _downloads(self):
        return super()._downloads() | {'differences': '_write_differences'}

    def _write_differences(self, _options):
        """Write what is in theirs and not in ours, in ours and not in theirs, and where amounts differ.

        :rtype: tuple[str, bytes]
        """
        self.ensure_one()
        _ = self.env._
        lines = self.line_ids
        columns = [
            Column(_("Their Claim No."), width=18), Column(_("Our Claim No."), width=16), Column(_("VIN"), width=20),
            Column(_("Day"), 'date'), Column(_("Credited by Manufacturer"), 'money', total=True), Column(_("Expected Amount"), 'money', total=True),
            Column(_("Difference"), 'money', total=True), Column(_("Remark"), width=40),
        ]

        def row(line):
            return (
                line.their_number, line.claim_id.name or line.our_number, line.vin or line.claim_id.vin, line.day, line.amount,
                line.expected_total if line.claim_id else None, line.difference, line.row_error or line.note,
            )

        with workbook() as (book, buffer):
            title = _("Differences of %(statement)s", statement=self.display_name)
            book.sheet(_("Amount differs"), columns, map(row, lines.filtered(
                lambda line: line.claim_id and not line.currency_id.is_zero(line.amount - line.expected_total))),
                title=title, total_label=_("Total"))
            book.sheet(_("In theirs, not in ours"), columns, map(row, lines.filtered(
                lambda line: line.state in ('error', 'unknown', 'doubtful'))), title=title, total_label=_("Total"))
            book.sheet(
                _("In ours, not in theirs"),
                [Column(_("Our Claim No."), width=16), Column(_("Their Claim No."), width=18), Column(_("VIN"), width=20),
                 Column(_("Sent"), 'date'), Column(_("Claimed"), 'money', total=True)],
                ((claim.name, claim.manufacturer_number, claim.vin, claim.submitted_at.date(), claim.claimed_total)
                 for claim in self.missing_claim_ids),
                title=title, total_label=_("Total"))
        return f"{_('Differences')} {self.name}.xlsx", buffer.getvalue()

    def action_differences(self):
        """Download the difference list."""
        self.ensure_one()
        return self.action_download('differences')
