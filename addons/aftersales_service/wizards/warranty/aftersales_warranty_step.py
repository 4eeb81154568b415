from odoo import fields, models


class AftersalesWarrantyStep(models.TransientModel):
    """Dialog: a step with a claim that needs words or a reason: query, answer, objection, giving up."""

    _name = 'aftersales.warranty.step'
    _description = "Step With a Warranty Claim"

    claim_id = fields.Many2one('aftersales.warranty.claim', required=True, readonly=True)
    step = fields.Selection(
        [('query', "Manufacturer asks back"), ('answer', "Answer and send again"), ('appeal', "Object and send again"),
         ('cancel', "Give up"), ('escalate', "Hand to the person in charge")],
        required=True, readonly=True, default='query',
    )
    text = fields.Text()
    reason_id = fields.Many2one('aftersales.reason', domain="[('kind', '=', 'claim_cancel')]")

    def action_confirm(self):
        """Take the step; what blocks a new submission is explained instead."""
        self.ensure_one()
        claim = self.claim_id
        if self.step == 'answer' and (explain := claim._gate_action('submitted')):
            return explain
        {
            'query': lambda: claim._query(self.text),
            'answer': lambda: claim._answer(self.text),
            'appeal': lambda: claim._appeal(self.text),
            'cancel': lambda: claim._cancel(self.reason_id),
            'escalate': lambda: claim._escalate(self.text),
        }[self.step]()
        return {'type': 'ir.actions.act_window_close'}
