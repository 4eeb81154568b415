from odoo import api, fields, models

from .aftersales_check_in_photo import ZONES

RESULTS = [('ok', "OK"), ('soon', "Soon"), ('now', "Now"), ('na', "Not fitted")]


class AftersalesCheckInLine(models.Model):
    """One item of a check-in or pre-check and how it was found."""

    _name = 'aftersales.check.in.line'
    _description = "Check-In Item"
    _order = 'check_in_id, sequence, id'

    check_in_id = fields.Many2one(
        comodel_name='aftersales.check.in', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='check_in_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10)
    template_line_id = fields.Many2one(
        comodel_name='aftersales.check.in.template.line', ondelete='set null', index='btree_not_null')
    name = fields.Char(string="Item", required=True)
    zone = fields.Selection(selection=ZONES)
    result = fields.Selection(selection=RESULTS)
    value = fields.Char("Measured Value", help="Measured value, e.g. tread 4 mm.")
    note = fields.Char()
    is_safety = fields.Boolean(string="Safety")
    labour_item_id = fields.Many2one(comodel_name='aftersales.labour.item', string="Recommended Labour")
    package_id = fields.Many2one(comodel_name='aftersales.package', string="Recommended Package")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.check_in_id._ensure_open()
        return lines

    def write(self, vals):
        self.check_in_id._ensure_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.check_in_id._ensure_open()

    # === ACTION METHODS === #

    def action_ok(self):
        self.write({'result': 'ok'})

    def action_soon(self):
        self.write({'result': 'soon'})

    def action_now(self):
        self.write({'result': 'now'})
