from odoo import api, fields, models

STEPS = [
    ('investigate', "Record the findings"),
    ('statement', "State my view"),
    ('known', "I know it"),
    ('disagreed', "I know it and do not agree"),
    ('object', "Object"),
    ('send_back', "Send back"),
    ('serve', "Serve with a witness"),
    ('withdraw', "Withdraw"),
    ('authorities', "Handed to the authorities"),
    ('answer', "Answer the objection"),
    ('panel', "Name the panel"),
]


class AftersalesConductWizard(models.TransientModel):
    """The words, names and amounts that a step of a conduct record asks for."""

    _name = 'aftersales.conduct.wizard'
    _description = "Step of a conduct record"

    record_id = fields.Many2one('aftersales.conduct.record', required=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='record_id.currency_id')
    step = fields.Selection(STEPS, required=True, readonly=True)
    text = fields.Text()
    witness_id = fields.Many2one('hr.employee.public')
    day = fields.Date(default=fields.Date.context_today)
    result = fields.Selection([('uphold', "Uphold"), ('change', "Change"), ('cancel', "Cancel")], default='uphold')
    panel_ids = fields.Many2many('res.users', domain=[('share', '=', False)])
    performance_amount = fields.Monetary(string="Performance pay withheld", compute='_compute_amounts', store=True, readonly=False)
    compensation_amount = fields.Monetary(string="Compensation", compute='_compute_amounts', store=True, readonly=False)
    fine_amount = fields.Monetary(string="Fine", compute='_compute_amounts', store=True, readonly=False)

    @api.depends('record_id')
    def _compute_amounts(self):
        for wizard in self:
            for name in ('performance_amount', 'compensation_amount', 'fine_amount'):
                wizard[name] = wizard.record_id[name]

    def action_confirm(self):
        """Take the step; every check is the record's own."""
        self.ensure_one()
        record = self.record_id
        review = record.review_ids.filtered(lambda item: not item.decided_at)[:1]
        match self.step:
            case 'investigate':
                record._investigate(self.text)
            case 'statement':
                record._state_view(self.text)
            case 'known' | 'disagreed':
                record._acknowledge(self.step == 'known', self.text)
            case 'object':
                record._object(self.text)
            case 'send_back':
                record._send_back(self.text)
            case 'serve':
                record._serve(self.env['hr.employee'].browse(self.witness_id.id), self.text)
            case 'withdraw':
                record._withdraw(self.text)
            case 'authorities':
                record._hand_to_authorities(self.day, self.text)
            case 'panel':
                review._name_panel(self.panel_ids)
            case 'answer':
                review._decide(self.result, self.text, {
                    name: self[name] for name in ('performance_amount', 'compensation_amount', 'fine_amount')
                } if self.result == 'change' else None)
        return {'type': 'ir.actions.act_window_close'}
