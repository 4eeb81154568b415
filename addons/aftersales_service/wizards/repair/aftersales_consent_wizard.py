from odoo import api, fields, models


class AftersalesConsentWizard(models.TransientModel):
    """Record what a payer said by phone or message, or a refusal told to the workshop."""

    _name = 'aftersales.consent.wizard'
    _description = "Record a Consent"

    order_id = fields.Many2one('aftersales.repair.order', required=True)
    job_ids = fields.Many2many(
        'aftersales.repair.job',
        string="Jobs",
        required=True,
        domain="[('order_id', '=', order_id), ('outcome', '=', 'open')]",
    )
    currency_id = fields.Many2one(related='order_id.currency_id')
    amount = fields.Monetary(compute='_compute_amount')
    decision = fields.Selection([('approved', "Agrees"), ('declined', "Refuses")], required=True, default='approved')
    means = fields.Selection(
        [('phone', "Phone"), ('message', "Message"), ('mandate', "Standing Mandate"), ('supervisor', "Supervisor")],
        required=True,
        default='phone',
    )
    name = fields.Char("Who Said So", compute='_compute_contact', store=True, readonly=False)
    phone = fields.Char("Number Called", compute='_compute_contact', store=True, readonly=False)
    second_user_id = fields.Many2one(
        'res.users', "Second Person", domain="[('share', '=', False)]", help="The colleague who heard the call too."
    )
    listener_id = fields.Many2one('hr.employee', "Told in the Workshop")
    note = fields.Char()

    @api.depends('order_id')
    def _compute_contact(self):
        for wizard in self:
            wizard.name = wizard.order_id.partner_id.name
            wizard.phone = wizard.order_id.contact_phone or wizard.order_id.partner_id.phone

    @api.depends('job_ids')
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.job_ids._origin.mapped('amount_total'))

    def action_confirm(self):
        self.ensure_one()
        self.order_id._record_consent(
            self.job_ids,
            self.decision,
            self.means,
            name=self.name,
            phone=self.phone,
            second_user=self.second_user_id,
            listener=self.listener_id,
            note=self.note,
        )
        return {'type': 'ir.actions.act_window_close'}
