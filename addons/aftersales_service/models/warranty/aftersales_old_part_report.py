from odoo import api, fields, models

from ...reports.base.workbook import Column, workbook


class AftersalesOldPart(models.Model):
    """The return report of a brand and a period (R-REP-12): what came off, what went back, what was said of it."""

    _inherit = 'aftersales.old.part'

    @api.model
    def _downloads(self):
        return super()._downloads() | {'returns': '_download_returns'}

    def _download_returns(self, options):
        """Write the report.

        :param dict options: brand_id (empty: all brands), date_from, date_to (ISO dates).
        """
        _ = self.env._
        company = self.env.company
        date_from, date_to = (fields.Date.to_date(options[name]) for name in ('date_from', 'date_to'))
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = [('company_id', '=', company.id), ('owner_kind', '=', 'manufacturer'), ('state', '!=', 'void')]
        if options.get('brand_id'):
            domain.append(('brand_id', '=', int(options['brand_id'])))
        parts = self.search([
            *domain, '|', '&', ('tagged_at', '>=', start), ('tagged_at', '<', end), '&', ('shipped_at', '>=', start), ('shipped_at', '<', end),
        ], order='brand_id, id')
        states = dict(self._fields['state']._description_selection(self.env))
        means = dict(self._fields['rejected_means']._description_selection(self.env))
        day = company._aftersales_today
        with_value = self._has_field_access(self._fields['ship_value'], 'read')
        columns = [
            Column(_("Brand")), Column(_("Tag")), Column(_("Part Number"), width=18), Column(_("Part"), width=26),
            Column(_("Quantity"), 'number', total=True), Column(_("VIN"), width=22), Column(_("Repair Order")), Column(_("Claim")),
            Column(_("Tagged"), 'date'), Column(_("Call List")), Column(_("Send Before"), 'date'), Column(_("Shipment")),
            Column(_("Sent Off"), 'date'), *([Column(_("Value by Book"), 'money', total=True)] if with_value else []), Column(_("State")),
            Column(_("Answered"), 'date'), Column(_("Why Rejected"), width=26), Column(_("Rejected Part")),
            Column(_("Charged"), 'money', total=True),
        ]
        rows = (
            (
                part.brand_id.name, part.name, part.default_code, part.product_id.name or part.description, part.quantity,
                part.vehicle_id.vin, part.order_id.name, part.sudo().claim_id.name, day(part.tagged_at), part.call_ref, part.return_before,
                part.shipment_id.name, day(part.shipped_at) if part.shipped_at else None,
                *([part.ship_value] if with_value else []), states[part.state],
                part.answered_at, part.answer_note, means.get(part.rejected_means), part.charged_amount,
            )
            for part in parts
        )
        summary = {}
        for part in parts:
            row = summary.setdefault(part.brand_id.name or _("Without a brand"), [0, 0, 0, 0, 0, 0.0])
            sent = bool(part.shipped_at and start <= part.shipped_at < end)
            for index, value in enumerate((
                start <= part.tagged_at < end, sent, sent and part.state == 'accepted', sent and bool(part.rejected_means),
                part.state == 'to_return', part.ship_value if sent and with_value else 0.0,
            )):
                row[index] += value
        with workbook() as (book, buffer):
            title = _("Return of Old Parts")
            notes = [f'{company.name} · {date_from} – {date_to}']
            book.sheet(_("By Brand"), [
                Column(_("Brand"), width=20), Column(_("Tagged"), 'number', total=True), Column(_("Sent Back"), 'number', total=True),
                Column(_("Accepted"), 'number', total=True), Column(_("Rejected"), 'number', total=True),
                Column(_("Still to Return"), 'number', total=True),
                *([Column(_("Value by Book"), 'money', total=True)] if with_value else []),
            ], [(brand, *(row if with_value else row[:-1])) for brand, row in summary.items()], title=title, notes=notes, total_label=_("Total"))
            book.sheet(_("Old Parts"), columns, rows, title=title, notes=notes, total_label=_("Total"))
        return f'{title} {date_from} {date_to}.xlsx', buffer.getvalue()
