from odoo import fields, models


class AftersalesFapiaoPaste(models.TransientModel):
    """Dialog: paste the numbers of the tax platform for the chosen settlements, one a line."""

    _name = 'aftersales.fapiao.paste'
    _description = "Paste Fapiao Numbers"

    settlement_ids = fields.Many2many('aftersales.settlement', default=lambda self: self.env.context.get('active_ids'))
    text = fields.Text(
        "Numbers", required=True, help="One number of 20 digits a line, in the order of the settlements shown."
    )

    def action_confirm(self):
        self.ensure_one()
        fapiaos = self.env['aftersales.fapiao']._paste_numbers(self.text, self.settlement_ids)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Fapiao"),
            'res_model': 'aftersales.fapiao',
            'view_mode': 'list,form',
            'domain': [('id', 'in', fapiaos.ids)],
        }
