from odoo import api, models

from ..base.errors import coded_error


class AftersalesDeskTechnician(models.AbstractModel):
    """Old parts on the technician's phone: what comes off gets its tag before it leaves the bay."""

    _inherit = 'aftersales.desk.technician'

    @api.model
    def _technician_cards(self, operations, employee):
        """Add to each part whose old one must be kept, how many are tagged."""
        cards = super()._technician_cards(operations, employee)
        ids = [line['id'] for card in cards.values() for line in card['lines'] if line['kind'] == 'part']
        # sudo: the operation was dispatched to this person; only quantities and tag numbers leave.
        lines = self.env['aftersales.repair.line'].sudo().browse(ids)
        wanted = lines._needs_old_part() | lines.filtered(
            lambda line: line.old_part_disposition in ('take', 'insurer') and line._gives_old_part())
        known = {
            line.id: {
                'tag_left': max(line.quantity - line.old_part_qty, 0.0),
                'tags': [part.name for part in line.old_part_ids if part.state != 'void'],
            }
            for line in wanted
        }
        for card in cards.values():
            for row in card['lines']:
                row.update(known.get(row['id'], {'tag_left': 0.0, 'tags': []}))
        return cards

    @api.model
    def tag_old_part(self, operation_id, line_id, quantity=None, serial=None, photo=None, note=None):
        """Tag what came off for a line of the technician's own operation.

        :param str photo: base64 image.
        :return: {'id', 'name'} of the tag
        :rtype: dict
        """
        operation = self._own_operation(operation_id)
        line = self.env['aftersales.repair.line'].browse(line_id)
        line.check_access('read')
        if line.order_id != operation.order_id:
            raise coded_error('WAR-60', self.env._("This part is not on the order of your job."))
        part = line._tag_old_part(quantity, serial=serial, photos=[photo] if photo else (), note=note)
        return {'id': part.id, 'name': part.name}
