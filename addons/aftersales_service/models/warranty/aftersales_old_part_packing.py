from odoo import api, models

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
            Column(_("Carton"), 'number', width=6), Column(_("Tag")), Column(_("Part Number"), width=18), Column(_("Part"), width=26),
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
