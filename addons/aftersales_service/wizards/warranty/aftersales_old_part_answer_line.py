from odoo import fields, models


class AftersalesOldPartAnswerLine(models.TransientModel):
    _name = 'aftersales.old.part.answer.line'
    _description = "Answer for One Old Part"
    _order = 'id'

    wizard_id = fields.Many2one('aftersales.old.part.answer.wizard', required=True, ondelete='cascade')
    old_part_id = fields.Many2one('aftersales.old.part', required=True, readonly=True)
    box_id = fields.Many2one(related='old_part_id.box_id')
    currency_id = fields.Many2one(related='old_part_id.currency_id')
    answer = fields.Selection(
        [('accepted', "Accepted"), ('rejected', "Rejected"), ('open', "No answer yet")], required=True, default='accepted')
    note = fields.Char("Why Rejected")
    means = fields.Selection([('back', "Comes back"), ('charged', "Charged to us")], "Rejected Part")
    amount = fields.Monetary("Charged")
