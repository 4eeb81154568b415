from odoo import api, fields, models

from ...reports.base.workbook import Column, workbook


class AftersalesOldPartShipment(models.Model):
    """The packing list as a workbook, for the manufacturer's system."""

    _inherit = 'aftersales.old.part.shipment'

    @api.model
    def _downloads(self):
        return super()._downloads() | {'packing': '_download_packing'}

    def _download_packing(self, options):
        self.ensure_one()
        _ = self.env._
        columns = [
            Column(_("Box"), 'number', width=6), Column(_("Tag")), Column(_("Part Number"), width=18), Column(_("Part"), width=26),
            Column(_("Quantity"), 'number', total=True), Column(_("VIN"), width=22), Column(_("Plate")), Column(_("Repair Order")),
            Column(_("Claim")), Column(_("Their Claim No."), width=18), Column(_("Repaired"), 'date'), Column(_("Odometer (km)"), 'number'),
            Column(_("Condition"), width=26),
        ]
        rows = []
        for box, part in self._contents():
            claim = part.sudo().claim_id
            repaired = claim.repaired_at or part.tagged_at
            rows.append((
                box, part.name, part.default_code, part.product_id.name or part.description, part.quantity, part.vehicle_id.vin,
                part.license_plate, part.order_id.name, claim.name, claim.manufacturer_number,
                self.company_id._aftersales_today(repaired) if repaired else None, claim.odometer or None, part.note,
            ))
        with workbook() as (book, buffer):
            book.sheet(
                _("Packing List"), columns, rows, title=f'{self.name} · {self.partner_id.display_name}', total_label=_("Total"),
                notes=[
                    _("Carrier: %(carrier)s, waybill %(number)s", carrier=self.carrier_id.name or "-", number=self.tracking_number or "-"),
                    _("Call list: %s", self.call_ref or "-"),
                ],
            )
        return f'{self.name}.xlsx', buffer.getvalue()


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
        columns = [
            Column(_("Brand")), Column(_("Tag")), Column(_("Part Number"), width=18), Column(_("Part"), width=26),
            Column(_("Quantity"), 'number', total=True), Column(_("VIN"), width=22), Column(_("Repair Order")), Column(_("Claim")),
            Column(_("Tagged"), 'date'), Column(_("Call List")), Column(_("Send Before"), 'date'), Column(_("Shipment")),
            Column(_("Shipped"), 'date'), Column(_("Value by Book"), 'money', total=True), Column(_("State")),
            Column(_("Answered"), 'date'), Column(_("Why Rejected"), width=26), Column(_("Rejected Part")),
            Column(_("Charged"), 'money', total=True),
        ]
        rows = (
            (
                part.brand_id.name, part.name, part.default_code, part.product_id.name or part.description, part.quantity,
                part.vehicle_id.vin, part.order_id.name, part.sudo().claim_id.name, day(part.tagged_at), part.call_ref, part.return_before,
                part.shipment_id.name, day(part.shipped_at) if part.shipped_at else None, part.ship_value, states[part.state],
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
                part.state == 'to_return', part.ship_value if sent else 0.0,
            )):
                row[index] += value
        with workbook() as (book, buffer):
            title = _("Return of Old Parts")
            notes = [f'{company.name} · {date_from} – {date_to}']
            book.sheet(_("By Brand"), [
                Column(_("Brand"), width=20), Column(_("Tagged"), 'number', total=True), Column(_("Sent Back"), 'number', total=True),
                Column(_("Accepted"), 'number', total=True), Column(_("Rejected"), 'number', total=True),
                Column(_("Still to Return"), 'number', total=True), Column(_("Value by Book"), 'money', total=True),
            ], [(brand, *row) for brand, row in summary.items()], title=title, notes=notes, total_label=_("Total"))
            book.sheet(_("Old Parts"), columns, rows, title=title, notes=notes, total_label=_("Total"))
        return f'{title} {date_from} {date_to}.xlsx', buffer.getvalue()
