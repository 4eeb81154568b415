from odoo import api, fields, models

from ...reports.base.workbook import Column, workbook


class AftersalesWarrantyReport(models.TransientModel):
    """Dialog: the warranty report of a brand and a period, claims and returned parts, as a workbook (R-REP-12)."""

    _name = 'aftersales.warranty.report'
    _description = "Warranty Report"
    _inherit = ['aftersales.download.mixin']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    brand_id = fields.Many2one('aftersales.vehicle.brand', help="Empty: every brand.")
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._aftersales_today().replace(day=1))
    date_to = fields.Date("To", required=True, default=lambda self: self.env.company._aftersales_today())

    # === ACTION METHODS === #

    def action_write(self):
        """Fetch the workbook."""
        self.ensure_one()
        return self.action_download('report')

    # === BUSINESS METHODS === #

    @api.model
    def _downloads(self):
        return super()._downloads() | {'report': '_write_report'}

    def _write_report(self, options):
        """Write the claims repaired in the period, and the parts returned in it.

        :rtype: tuple[str, bytes]
        """
        self.ensure_one()
        start, end = self.company_id._aftersales_period_bounds(self.date_from, self.date_to)
        notes = [
            self.company_id.name,
            f'{fields.Date.to_string(self.date_from)} – {fields.Date.to_string(self.date_to)}',
            self.brand_id.name or self.env._("Every brand"),
        ]
        with workbook() as (book, buffer):
            self._write_claims(book, start, end, notes)
            columns, rows = self._returned_parts(start, end)
            book.sheet(
                self.env._("Returned parts"), columns, rows, title=self.env._("Old parts sent back"), notes=notes,
                total_label=self.env._("Total"),
            )
        name = self.env._("Warranty report %(brand)s %(month)s.xlsx", brand=self.brand_id.name or "", month=self.date_from)
        return name, buffer.getvalue()

    def _write_claims(self, book, start, end, notes):
        claims = self.env['aftersales.warranty.claim'].search([
            ('company_id', '=', self.company_id.id), ('state', '!=', 'cancelled'), ('repaired_at', '>=', start),
            ('repaired_at', '<', end), *([('brand_id', '=', self.brand_id.id)] if self.brand_id else []),
        ], order='repaired_at, id')
        types = dict(claims._fields['claim_type']._description_selection(self.env))
        states = dict(claims._fields['state']._description_selection(self.env))
        _ = self.env._
        book.sheet(
            _("Claims"),
            [
                Column(_("Claim"), width=16), Column(_("Their claim no.")), Column(_("Brand")), Column(_("Plate")),
                Column(_("VIN"), width=20), Column(_("Kind of claim")), Column(_("Causal part"), width=26),
                Column(_("Repaired"), 'date'), Column(_("Submit until"), 'date'), Column(_("First sent"), 'date'),
                Column(_("Parts"), 'money', True), Column(_("Labour"), 'money', True), Column(_("Other"), 'money', True),
                Column(_("Claimed incl. tax"), 'money', True), Column(_("Approved incl. tax"), 'money', True),
                Column(_("State")),
            ],
            (
                [
                    claim.name, claim.manufacturer_number, claim.brand_id.name, claim.license_plate, claim.vin,
                    types[claim.claim_type], claim.causal_product_id.display_name,
                    self.company_id._aftersales_today(claim.repaired_at), claim.deadline,
                    self.company_id._aftersales_today(claim.submitted_at) if claim.submitted_at else None,
                    claim.parts_amount, claim.labour_amount, claim.other_amount, claim.claimed_total, claim.approved_total,
                    states[claim.state],
                ] for claim in claims
            ),
            title=_("Warranty claims"), notes=notes, total_label=_("Total"),
        )

    def _returned_parts(self, start, end):
        """Return columns and rows of the old parts sent back in the period.

        :param datetime start: first moment, UTC. :param datetime end: first moment after the period.
        :rtype: tuple[list[Column], Iterable[list]]
        """
        _ = self.env._
        tags = self.env['aftersales.old.part'].search([
            ('company_id', '=', self.company_id.id), ('owner_kind', '=', 'manufacturer'), ('shipped_at', '>=', start),
            ('shipped_at', '<', end), *([('brand_id', '=', self.brand_id.id)] if self.brand_id else []),
        ], order='shipped_at, id')
        states = dict(tags._fields['state']._description_selection(self.env))
        return [
            Column(_("Tag"), width=16), Column(_("Claim"), width=16), Column(_("Brand")), Column(_("Plate")),
            Column(_("Part number")), Column(_("Part"), width=26), Column(_("Quantity"), 'number', True),
            Column(_("Shipment")), Column(_("Sent Off"), 'date'), Column(_("State")), Column(_("Why rejected"), width=26),
        ], (
            [
                tag.name, tag.claim_id.name, tag.brand_id.name, tag.license_plate, tag.default_code, tag.description,
                tag.quantity, tag.shipment_id.name, self.company_id._aftersales_today(tag.shipped_at), states[tag.state],
                tag.answer_note,
            ] for tag in tags
        )
