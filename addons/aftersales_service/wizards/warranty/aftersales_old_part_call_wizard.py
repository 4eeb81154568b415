import re

from odoo import fields, models

from ...models.base.errors import coded_error
from ...models.warranty.old_part_const import IN_HOUSE


class AftersalesOldPartCallWizard(models.TransientModel):
    """The manufacturer's call list, pasted from his mail or workbook: which old parts he wants back, until when."""

    _name = 'aftersales.old.part.call.wizard'
    _description = "Call List of Old Parts"

    partner_id = fields.Many2one('res.partner', "From", required=True, help="Manufacturer or insurer.")
    reference = fields.Char("Number of the List", required=True)
    return_before = fields.Date("Send Before")
    text = fields.Text(
        "Rows", help="One part a row: tag, claim number (ours or theirs), or part number and VIN, in any order, apart by tabs or commas.")
    old_part_ids = fields.Many2many('aftersales.old.part', string="Old Parts Found")
    unknown = fields.Text("Not Found", readonly=True)
    is_read = fields.Boolean()

    def action_read(self):
        """Look the rows up; what is found can still be taken off the list, what is not is named."""
        self.ensure_one()
        found, unknown = self.env['aftersales.old.part'], []
        parts = self._candidates()
        index = self._index(parts)
        for row in filter(None, (line.strip() for line in (self.text or '').splitlines())):
            words = [word for word in re.split(r'[\t,;，；|]+', row) if word.strip()]
            sets = [index[word.strip().upper()] for word in words if word.strip().upper() in index]
            # Words of one row narrow each other down: a part number alone may stand for many parts.
            match = set.intersection(*sets) if sets else set()
            if len(match) == 1 or (match and any(self._is_exact(word, parts) for word in words)):
                found |= parts.browse(match)
            else:
                unknown.append(row)
        self.write({'old_part_ids': [(6, 0, found.ids)], 'unknown': "\n".join(unknown), 'is_read': True})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Call List"), 'res_model': self._name, 'res_id': self.id,
            'view_mode': 'form', 'target': 'new',
        }

    def _candidates(self):
        return self.env['aftersales.old.part'].search([
            ('company_id', '=', self.env.company.id), ('owner_id', '=', self.partner_id.id), ('state', 'in', IN_HOUSE)])

    def _index(self, parts):
        """Return `{word in capitals: {part id}}` of everything a list may name a part by."""
        index = {}
        for part in parts:
            claim = part.sudo().claim_id
            for word in (part.name, claim.name, claim.manufacturer_number, part.default_code, part.vehicle_id.vin, part.license_plate, part.order_id.name):
                if word:
                    index.setdefault(word.strip().upper(), set()).add(part.id)
        return index

    def _is_exact(self, word, parts):
        """A tag or a claim number names its parts, be they several."""
        word = word.strip().upper()
        return any(
            word in (name.upper() for name in (part.name, part.sudo().claim_id.name, part.sudo().claim_id.manufacturer_number) if name)
            for part in parts)

    def action_call(self):
        """Mark the found parts as called back and open a shipment for them."""
        self.ensure_one()
        parts = self.old_part_ids
        if not parts:
            raise coded_error('WAR-67', self.env._("No old part is chosen: read the rows first, or pick parts by hand."))
        parts._call(self.reference, self.return_before)
        shipment = self.env['aftersales.old.part.shipment'].create({
            'partner_id': self.partner_id.id, 'call_ref': self.reference, 'return_before': self.return_before,
            'warehouse_id': parts[:1].warehouse_id.id,
        })
        return shipment._get_records_action()
