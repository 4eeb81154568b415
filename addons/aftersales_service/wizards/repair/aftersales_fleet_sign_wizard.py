from odoo import fields, models


class AftersalesFleetSignWizard(models.TransientModel):
    """One signature, or the standing mandate, for several cars of one customer."""

    _name = 'aftersales.fleet.sign.wizard'
    _description = "Sign for a Fleet"

    order_ids = fields.Many2many(
        'aftersales.repair.order', required=True, default=lambda self: self.env.context.get('active_ids')
    )
    way = fields.Selection(
        [('signature', "On This Screen"), ('paper', "On Paper"), ('mandate', "Standing Mandate")],
        default='signature',
        required=True,
    )
    name = fields.Char("Name of the Signer")
    signature = fields.Image(max_width=1024, max_height=1024)

    def action_confirm(self):
        self.ensure_one()
        if self.way == 'mandate':
            self.order_ids._use_mandate()
        else:
            self.order_ids._sign_together(self.name, self.signature, self.way)
        return {'type': 'ir.actions.act_window_close'}
