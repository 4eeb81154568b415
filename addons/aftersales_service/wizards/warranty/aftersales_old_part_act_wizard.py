from odoo import api, fields, models

from ...models.base.errors import coded_error

ACTS = [
    ('store', "Store"),
    ('call', "Called back"),
    ('uncall', "No longer called back"),
    ('hold', "Keep longer"),
    ('hand', "Hand to the customer"),
    ('scrap', "Scrap"),
    ('come_back', "Came back"),
    ('find', "Found again"),
    ('void', "Void the tag"),
]


class AftersalesOldPartActWizard(models.TransientModel):
    """One dialog for what is done with old parts at the desk: where to, who takes it, who saw it, why."""

    _name = 'aftersales.old.part.act.wizard'
    _description = "Act on Old Parts"

    act = fields.Selection(ACTS, required=True, readonly=True)
    old_part_ids = fields.Many2many('aftersales.old.part', string="Old Parts", required=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    location_id = fields.Many2one('stock.location', "Shelf", domain="[('aftersales_role', '=', 'old_parts'), ('company_id', '=', company_id)]")
    taken_by = fields.Char("Who Takes It")
    signature = fields.Binary()
    witness_id = fields.Many2one('hr.employee', "Witness")
    reference = fields.Char("Call List")
    day = fields.Date()
    note = fields.Char("Reason")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get('active_model') == 'aftersales.old.part' and 'old_part_ids' not in values:
            values['old_part_ids'] = [(6, 0, self.env.context.get('active_ids') or [])]
        return values

    def action_confirm(self):
        self.ensure_one()
        parts = self.old_part_ids
        if not parts:
            raise coded_error('WAR-67', self.env._("Choose the old parts first."))
        {
            'store': lambda: parts._store(self.location_id),
            'call': lambda: parts._call(self.reference, self.day),
            'uncall': lambda: parts._uncall(self.note),
            'hold': lambda: parts._extend_hold(self.day, self.note),
            'hand': lambda: parts._hand_to_customer(self.taken_by, self.signature, self.note),
            'scrap': lambda: parts._scrap(self.note, self.witness_id),
            'come_back': lambda: parts._come_back(self.location_id),
            'find': lambda: parts._found_again(self.location_id, self.note),
            'void': lambda: parts._void(self.note),
        }[self.act]()
        if self.act == 'scrap':
            return parts.action_print_scrap_record() | {'close_on_report_download': True}
        return {'type': 'ir.actions.act_window_close'}
