from odoo import api, models


class AftersalesDeskCount(models.AbstractModel):
    """Tags at the counting desk: the QR is the part."""

    _inherit = 'aftersales.desk.count'

    def _line_row(self, line):
        row = super()._line_row(line)
        if part := line.old_part_id:
            # The scanner reads the address of the label, or somebody types the number.
            row.update(code=part.name, barcode=part._label_address(), tag=True)
        return row

    @api.model
    def scan(self, count_id, code):
        """Also know tags that no line expects.

        :rtype: dict  with kind `tag` then
        """
        count = self._count(count_id)
        if count.scope == 'old_parts':
            part = self.env['aftersales.old.part']._find_code(code)
            if part:
                return {'kind': 'tag', 'id': part.id, 'name': part.display_name, 'lot_id': False}
        return super().scan(count_id, code)

    @api.model
    def add_found_tag(self, count_id, old_part_id, location_id):
        """Record a tag that lies where the count did not expect it, and return its row."""
        line = self._count(count_id)._add_found_old_part(
            self.env['aftersales.old.part'].browse(old_part_id), self.env['stock.location'].browse(location_id))
        return self._line_row(line)

    @api.model
    def record_tag(self, line_id):
        """Record that a tag is there, with all its pieces: one scan, no number."""
        line = self.env['aftersales.stock.count.line'].browse(line_id)
        self._count(line.count_id.id)
        line._record({line: line.old_part_id._stock_qty()})
        return self._line_row(line)
