import base64

from odoo import api, fields, models

STEPS = [
    ('investigate', "Record the findings"),
    ('statement', "State my view"),
    ('known', "I know it"),
    ('disagreed', "I know it and do not agree"),
    ('object', "Raise an objection"),
    ('send_back', "Send back"),
    ('serve', "Serve with a witness"),
    ('withdraw', "Withdraw"),
    ('authorities', "Handed to the authorities"),
    ('answer', "Answer the objection"),
    ('panel', "Name the panel"),
    ('paper', "Handed in on paper"),
]


class AftersalesConductWizard(models.TransientModel):
    """The words, names and amounts that a step of a conduct record asks for."""

    _name = 'aftersales.conduct.wizard'
    _description = "Step of a conduct record"

    record_id = fields.Many2one('aftersales.conduct.record', string="Conduct record", required=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='record_id.currency_id')
    step = fields.Selection(STEPS, required=True, readonly=True)
    text = fields.Text()
    witness_id = fields.Many2one('hr.employee.public')
    day = fields.Date(default=fields.Date.context_today)
    result = fields.Selection([('uphold', "Uphold"), ('change', "Change"), ('cancel', "Cancel")], default='uphold')
    panel_ids = fields.Many2many('res.users', domain=[('share', '=', False)])
    paper_step = fields.Selection([
        ('statement', "Written statement"), ('known', "Signed: known"), ('disagreed', "Signed: known, not agreed"), ('object', "Objection"),
    ], string="What was handed in")
    paper = fields.Binary(string="Scan or photo", attachment=False)
    paper_name = fields.Char()
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
        record, paper = self.record_id, None
        if self.step == 'paper':
            paper = (self.paper_name, base64.b64decode(self.with_context(bin_size=False).paper or b''))
        review = record.review_ids.filtered(lambda item: not item.decided_at)[:1]
        match self.paper_step if self.step == 'paper' else self.step:
            case 'investigate':
                record._investigate(self.text)
            case 'statement':
                record._state_view(self.text, paper)
            case 'known' | 'disagreed' as answer:
                record._acknowledge(answer == 'known', self.text, paper)
            case 'object':
                record._object(self.text, paper)
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
