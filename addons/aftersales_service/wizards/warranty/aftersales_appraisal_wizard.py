from odoo import api, fields, models

from ...models.base.errors import coded_error


class AftersalesAppraisalWizard(models.TransientModel):
    """The few words that a step of an appraisal asks for."""

    _name = 'aftersales.appraisal.wizard'
    _description = "Step of an Appraisal"

    appraisal_id = fields.Many2one('aftersales.warranty.appraisal', required=True)
    step = fields.Selection(
        [
            ('send_back', "Send Back"),
            ('preauthorise', "Pre-authorisation Number"),
            ('explain', "Explain the Refusal"),
            ('escalate', "Escalate"),
        ],
        required=True,
    )
    currency_id = fields.Many2one(related='appraisal_id.currency_id')
    job_id = fields.Many2one(related='appraisal_id.job_id')
    finding = fields.Text(related='appraisal_id.finding', string="What Was Found")
    refusal_reason_id = fields.Many2one(related='appraisal_id.refusal_reason_id')
    note = fields.Text()
    # Pre-authorisation
    number = fields.Char("Pre-authorisation No.")
    amount = fields.Monetary("Authorised Amount", help="Tax included; 0: without a limit.")
    job_amount = fields.Monetary(related='appraisal_id.amount', string="Amount of the Job")
    # Explanation and answer of the customer
    name = fields.Char("Explained To", compute='_compute_contact', store=True, readonly=False)
    decision = fields.Selection(
        [('later', "Thinks about it"), ('pays', "Pays himself"), ('declines', "Does not want the repair")],
        default='later',
    )
    means = fields.Selection(
        [('paper', "Signed paper"), ('phone', "Phone"), ('message', "Message")], default='paper',
    )
    phone = fields.Char("Number Called", compute='_compute_contact', store=True, readonly=False)
    second_user_id = fields.Many2one('res.users', "Second Person", domain="[('share', '=', False)]")

    @api.depends('appraisal_id')
    def _compute_contact(self):
        for wizard in self:
            order = wizard.appraisal_id.order_id
            wizard.name = order.contact_name or order.partner_id.name
            wizard.phone = order.partner_id.phone

    def action_confirm(self):
        """Record the step."""
        self.ensure_one()
        getattr(self, f'_confirm_{self.step}')()
        return {'type': 'ir.actions.act_window_close'}

    def _confirm_send_back(self):
        self.appraisal_id._send_back(self.note)

    def _confirm_preauthorise(self):
        self.appraisal_id._record_preauthorisation(self.number, self.amount)

    def _confirm_escalate(self):
        self.appraisal_id._escalate(self.note)

    def _confirm_explain(self):
        appraisal = self.appraisal_id
        appraisal._explain(self.name)
        if self.decision == 'pays':
            if not self.means:
                raise coded_error('WAR-29', self.env._("Say how the customer agreed."))
            appraisal._turn_to_customer(
                self.means, self.name, phone=self.phone, second_user=self.second_user_id, note=self.note)
        elif self.decision == 'declines':
            appraisal.order_id._record_consent(appraisal.job_id, 'declined', self.means or 'paper', name=self.name, note=self.note)
