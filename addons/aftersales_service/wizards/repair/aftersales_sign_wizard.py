from odoo import api, fields, models

from ...models.base.errors import coded_error


class AftersalesSignWizard(models.TransientModel):
    """The customer signs on the screen, hands in signed paper, or refuses before a witness."""

    _name = 'aftersales.sign.wizard'
    _description = "Sign an Estimate"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    estimate_id = fields.Many2one(
        'aftersales.estimate',
        compute='_compute_estimate_id',
        store=True,
        readonly=False,
        domain="[('order_id', '=', order_id)]",
    )
    currency_id = fields.Many2one(related='order_id.currency_id')
    amount_total = fields.Monetary(related='estimate_id.amount_total')
    promised_at = fields.Datetime(related='order_id.promised_at', readonly=False)
    way = fields.Selection(
        [
            ('signature', "On This Screen"),
            ('paper', "On Paper"),
            ('pickup', "Sign Now What Was Agreed by Phone"),
            ('refused', "Refuses to Sign"),
        ],
        default='signature',
        required=True,
    )
    name = fields.Char("Name of the Signer", compute='_compute_name', store=True, readonly=False)
    signature = fields.Image(max_width=1024, max_height=1024)
    agree_content = fields.Boolean("Agrees to the Content", default=True)
    agree_price = fields.Boolean("Agrees to the Price", default=True)
    agree_time = fields.Boolean("Agrees to the Time", default=True)
    witness_id = fields.Many2one('res.users', domain="[('share', '=', False)]")
    note = fields.Char("Reason")

    @api.depends('order_id')
    def _compute_estimate_id(self):
        for wizard in self:
            wizard.estimate_id = wizard.order_id.estimate_ids.filtered(lambda estimate: estimate.state == 'issued')[:1]

    @api.depends('order_id')
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.order_id.contact_name or wizard.order_id.partner_id.name

    def action_confirm(self):
        self.ensure_one()
        if self.way == 'pickup':
            self.order_id._sign_phone_consents(self.name, self.signature)
            return {'type': 'ir.actions.act_window_close'}
        estimate = self.estimate_id or self.order_id._issue_estimate()
        if self.way == 'refused':
            if not self.witness_id or not self.note:
                raise coded_error('REP-35', self.env._("A refused signature needs a reason and a witness."))
            estimate._refuse_signature(self.witness_id, self.note)
        else:
            agree = [key for key in ('content', 'price', 'time') if self[f'agree_{key}']]
            estimate._sign(self.name, self.signature, self.way, agree)
        return {'type': 'ir.actions.act_window_close'}
