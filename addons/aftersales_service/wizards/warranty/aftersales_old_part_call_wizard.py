import re

from odoo import Command, fields, models

from ...models.base.errors import coded_error
from ...models.warranty.old_part_const import IN_HOUSE
from ...reports.base.sheet_reader import NoSheet, read_rows

MOST_ROWS = 5000


class AftersalesOldPartCallWizard(models.TransientModel):
    """The manufacturer's call list, as a workbook or pasted from his mail: which old parts he wants back, until when."""

    _name = 'aftersales.old.part.call.wizard'
    _description = "Call List of Old Parts"

    partner_id = fields.Many2one('res.partner', "Manufacturer or Insurer", required=True)
    reference = fields.Char("Number of the List", required=True)
    return_before = fields.Date("Send Before")
    file = fields.Binary("Workbook (.xlsx)")
    file_name = fields.Char()
    text = fields.Text(
        "Rows of the List", help="One part a row: tag, claim number (ours or theirs), or part number and VIN, in any order, apart by tabs or commas.")
    old_part_ids = fields.Many2many('aftersales.old.part', string="Old Parts Found")
    unknown = fields.Text("Not Found", readonly=True)
    is_read = fields.Boolean()

    def action_read(self):
        """Look the rows up; what is found can still be taken off the list, what is not is named with its row and why.

        :raise UserError: WAR-67 nothing to read, or no workbook
        """
        self.ensure_one()
        rows = self._rows()
        if not rows:
            raise coded_error('WAR-67', self.env._("Choose the manufacturer's workbook or paste his rows first."))
        theirs = self.env['aftersales.old.part'].search(
            [('company_id', '=', self.env.company.id), ('owner_id', '=', self.partner_id.id)])
        here = theirs.filtered(lambda part: part.state in IN_HOUSE)
        index, gone = self._index(here), self._index(theirs - here)
        exact = {name for part in here for name in self._own_names(part)}
        found, unknown = self.env['aftersales.old.part'], []
        for number, words in rows:
            # Words of one row narrow each other down: a part number alone may stand for many parts.
            match = self._narrow(index, words)
            # A tag or a claim number names its parts, be they several.
            if len(match) == 1 or (match and exact & set(words)):
                found |= found.browse(match)
            elif any(character.isdigit() for character in ''.join(words)):  # else a title or headings
                unknown.append(self._problem(number, words, match, theirs.browse(self._narrow(gone, words))))
        self.write({'old_part_ids': [Command.set(found.ids)], 'unknown': "\n".join(unknown), 'is_read': True})
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Call List"), 'res_model': self._name, 'res_id': self.id,
            'view_mode': 'form', 'target': 'new',
        }

    def _rows(self):
        """Return the rows of workbook and text that hold something, with their numbers.

        :rtype: list[tuple[int, list[str]]]
        """
        sheet = []
        if self.file:
            try:
                sheet = read_rows(self.file, MOST_ROWS)
            except NoSheet:
                raise coded_error('WAR-67', self.env._(
                    "This file is no workbook (.xlsx). Save the manufacturer's list as .xlsx first.")) from None
        rows = [[str(cell) for cell in row if cell is not None] for row in sheet] + [
            re.split(r'[\t,;，；|]+', line) for line in (self.text or '').splitlines()]
        numbered = [(number, [word.strip().upper() for word in row if word.strip()]) for number, row in enumerate(rows, 1)]
        return [(number, words) for number, words in numbered if words]

    @staticmethod
    def _narrow(index, words):
        """Return the ids every known word of a row agrees on."""
        sets = [index[word] for word in words if word in index]
        return set.intersection(*sets) if sets else set()

    def _problem(self, number, words, match, gone):
        """Say what is wrong with a row: several parts fit, the part is here no more, or nothing of ours fits."""
        row = " ".join(words)
        if match:
            return self.env._("Row %(number)s (%(row)s): %(count)s parts fit; add the tag or the claim number.",
                              number=number, row=row, count=len(match))
        if gone:
            states = dict(gone._fields['state']._description_selection(self.env))
            return self.env._("Row %(number)s (%(row)s): %(parts)s.", number=number, row=row, parts=", ".join(
                f'{part.name} {states[part.state]}' for part in gone))
        return self.env._("Row %(number)s (%(row)s): no old part of this owner.", number=number, row=row)

    @staticmethod
    def _own_names(part):
        """Return what names the part itself: its tag and its claim's numbers, in capitals."""
        claim = part.sudo().claim_id
        return {name.strip().upper() for name in (part.name, claim.name, claim.manufacturer_number) if name}

    def _index(self, parts):
        """Return `{word in capitals: {part id}}` of everything a list may name a part by."""
        index = {}
        for part in parts:
            words = self._own_names(part) | {
                word.strip().upper() for word in (part.default_code, part.vehicle_id.vin, part.license_plate, part.order_id.name) if word}
            for word in words:
                index.setdefault(word, set()).add(part.id)
        return index

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
        if self.file:
            self.env['ir.attachment'].create({
                'name': self.file_name or f'{self.reference}.xlsx', 'datas': self.file, 'res_model': shipment._name,
                'res_id': shipment.id,
            })
        return shipment._get_records_action()
