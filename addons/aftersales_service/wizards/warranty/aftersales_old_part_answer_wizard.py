from odoo import Command, api, fields, models


class AftersalesOldPartAnswerWizard(models.TransientModel):
    """What the recipient of a shipment says of each part: accepted, unless told otherwise."""

    _name = 'aftersales.old.part.answer.wizard'
    _description = "Answer to a Shipment of Old Parts"

    shipment_id = fields.Many2one('aftersales.old.part.shipment', required=True, readonly=True)
    received_on = fields.Date("Received There", default=fields.Date.context_today)
    line_ids = fields.One2many('aftersales.old.part.answer.line', 'wizard_id', "Parts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        shipment = self.env['aftersales.old.part.shipment'].browse(values.get('shipment_id') or ())
        waiting = shipment.part_ids.filtered(lambda part: part.state == 'shipped').sorted(lambda part: (part.box_id.number, part.id))
        values['line_ids'] = [Command.create({'old_part_id': part.id, 'answer': 'accepted'}) for part in waiting]
        return values

    def action_confirm(self):
        self.ensure_one()
        self.shipment_id._receive_answer({
            line.old_part_id: {
                'accepted': line.answer == 'accepted', 'note': line.note, 'means': line.means, 'amount': line.amount,
            }
            for line in self.line_ids if line.answer != 'open'
        }, self.received_on)
        return {'type': 'ir.actions.act_window_close'}
