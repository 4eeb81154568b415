from odoo import fields, models


class AftersalesConductReceiptWizard(models.TransientModel):
    """Sign for the rules of conduct, or record who signed on paper."""

    _name = 'aftersales.conduct.receipt.wizard'
    _description = "Sign for the rules"

    rulebook_id = fields.Many2one('aftersales.conduct.rulebook', required=True, domain="[('state', '=', 'published')]")
    means = fields.Selection(
        [('screen', "On screen"), ('paper', "On paper"), ('witness', "Refused, handed over with a witness")], required=True, default='screen')
    employee_ids = fields.Many2many('hr.employee.public', 'aftersales_conduct_receipt_wizard_person_rel', 'wizard_id', 'employee_id', string="Who signed")
    signed_on = fields.Date(default=fields.Date.context_today)
    witness_id = fields.Many2one('hr.employee.public')
    signature = fields.Image()
    rule_ids = fields.One2many(related='rulebook_id.rule_ids')

    def action_confirm(self):
        """Record the receipts; every check is the receipt's own."""
        self.ensure_one()
        receipts, people = self.env['aftersales.conduct.receipt'], self.env['hr.employee']
        if self.means == 'screen':
            employee = people.sudo().search([
                ('user_id', '=', self.env.uid), ('company_id', '=', self.rulebook_id.company_id.id)], limit=1)
            receipts._sign(self.rulebook_id, people.browse(employee.id), signature=self.signature)
        else:
            for person in self.employee_ids:
                receipts._sign(
                    self.rulebook_id, people.browse(person.id), means=self.means, signed_on=self.signed_on,
                    witness=people.browse(self.witness_id.id))
        return {'type': 'ir.actions.act_window_close'}
