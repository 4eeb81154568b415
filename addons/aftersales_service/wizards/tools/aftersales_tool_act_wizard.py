from odoo import api, fields, models

from ...models.base.errors import coded_error

ACTS = [
    ('hand_on', "Hand on to another holder"),
    ('to_keeper', "Hand over to another keeper"),
    ('exchange', "Exchange for a new one"),
    ('calibration_out', "Send to calibration"),
    ('calibration_in', "Back from calibration"),
    ('damage', "Record damage"),
    ('loss', "Record loss"),
    ('found', "Found again"),
    ('disposal', "Dispose of"),
    ('reverse', "Reverse a wrong entry"),
]


class AftersalesToolActWizard(models.TransientModel):
    """What the keeper records beside the counter: each choice calls one verb of the ledger."""

    _name = 'aftersales.tool.act.wizard'
    _description = "Record in the tool ledger"

    act = fields.Selection(ACTS, required=True, default='hand_on', string="What to Record")
    tool_ids = fields.Many2many('aftersales.tool', string="Tools")
    move_id = fields.Many2one('aftersales.tool.move', "Entry to Reverse")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    is_counted = fields.Boolean(compute='_compute_is_counted')
    quantity = fields.Integer("Pieces", help="Empty: all that are there, one for damage and loss of counted tools.")
    employee_id = fields.Many2one('hr.employee', "Colleague", domain="[('company_id', '=', company_id)]")
    team_id = fields.Many2one('aftersales.team', domain="[('company_id', '=', company_id)]")
    second_badge = fields.Char("Second person's badge", help="Scan it when you take the tool over yourself.")
    new_tool_id = fields.Many2one(
        'aftersales.tool', "New tool",
        domain="[('company_id', '=', company_id), ('behaviour', '=', 'personal'), ('available_qty', '>', 0)]",
    )
    calibration_due = fields.Date("Calibrated until", help="Empty: as the category says, from today.")
    certificate = fields.Binary()
    certificate_name = fields.Char()
    signature = fields.Binary(help="Of who takes it over.")
    note = fields.Char(help="What happened, why.")

    # === COMPUTE METHODS === #

    @api.depends('tool_ids')
    def _compute_is_counted(self):
        for wizard in self:
            wizard.is_counted = 'quantity' in wizard.tool_ids.mapped('tracking')

    # === ACTION METHODS === #

    def action_apply(self):
        """Record it."""
        self.ensure_one()
        if self.act == 'reverse':
            self.move_id._reverse(self.note)
        else:
            getattr(self, f'_act_{self.act}')(self.tool_ids)
        return {'type': 'ir.actions.act_window_close'}

    # === BUSINESS METHODS === #

    def _act_hand_on(self, tools):
        tools._hand_on(
            self.employee_id or None, self.team_id or None, quantity=self.quantity or None,
            second=tools._second_of_badge(self.second_badge), signature=self.signature or None, note=self.note,
        )

    def _act_to_keeper(self, tools):
        tools._hand_on(to_keeper=self.employee_id, note=self.note)

    def _act_exchange(self, tools):
        if len(tools) != 1 or not self.new_tool_id:
            raise coded_error('TOO-35', self.env._("Exchange one tool for one new tool of the same category."))
        tools._exchange(
            self.new_tool_id, signature=self.signature or None, second=tools._second_of_badge(self.second_badge),
            note=self.note,
        )

    def _act_calibration_out(self, tools):
        tools._send_calibration(self.note, self.quantity or None)

    def _act_calibration_in(self, tools):
        certificate = (self.certificate_name or self.env._("Certificate"), self.certificate) if self.certificate else None
        tools._receive_calibration(self.calibration_due or None, certificate, self.note)

    def _act_damage(self, tools):
        tools._record_damage(self.note, self.quantity or None, employee=self.employee_id or None)

    def _act_loss(self, tools):
        tools._record_loss(self.note, self.quantity or None, employee=self.employee_id or None)

    def _act_found(self, tools):
        tools._record_found(self.note, self.quantity or None)

    def _act_disposal(self, tools):
        tools._dispose(self.note, self.quantity or None)
