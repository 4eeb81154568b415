from odoo import api, fields, models

from .const import GENERAL_MANAGER, SERVICE_MANAGER


class AftersalesConductRecord(models.Model):
    """What the system knows about an act: the part that broke, the month's attendance, overrides of prices."""

    _inherit = 'aftersales.conduct.record'

    rule_code = fields.Char(related='rule_id.code', string="Code of the rule")
    loss_product_id = fields.Many2one(
        'product.product', string="What broke", index='btree_not_null', ondelete='restrict', copy=False, check_company=True,
        help="Fills in the loss: its cost, or its sale price where the contract says so (R-PEN-14).")
    attendance_text = fields.Char(string="Attendance", compute='_compute_attendance_text', compute_sudo=True,
                                  help="Counted from attendance and the working calendar (R-PEN-02).")

    def _ensure_phase(self, vals):
        if 'loss_product_id' in vals:
            vals = {**vals, 'loss_amount': 0.0}
        return super()._ensure_phase(vals)

    @api.depends('rule_id', 'employee_id', 'act_date')
    def _compute_attendance_text(self):
        for record in self:
            record.attendance_text = False
            if record.rule_code == 'P02' and record.employee_id and record.act_date and record.company_id:
                company, month = record.company_id, record.act_date.replace(day=1)
                start, end = company._aftersales_month_bounds(month)
                fact = company._aftersales_attendance_sudo(record.employee_id, start, end).get(record.employee_id, {})
                record.attendance_text = company._aftersales_attendance_text(fact, month)

    def action_fill_loss(self):
        """Fill in the loss from what broke: cost, or sale price where the contract agrees on it; a person still decides."""
        for record in self:
            record._ensure_phase({'loss_amount': 0.0})
            product = record.loss_product_id.with_company(record.company_id)
            if product:
                record.write({'loss_amount': product.list_price if record.loss_basis == 'contract' else product.standard_price})

    def action_view_overrides(self):
        """Open the prices and charges the person changed with an override (R-PEN-25, from the log of R-PERM-02)."""
        self.ensure_one()
        self._ensure_group(GENERAL_MANAGER, SERVICE_MANAGER)
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_override_action')
        return action | {
            'domain': [
                ('user_id', 'in', self.employee_id.sudo().user_id.ids), ('company_id', '=', self.company_id.id),
                ('create_date', '>=', fields.Date.subtract(self.act_date, months=1)),
            ],
            'context': {},
        }
