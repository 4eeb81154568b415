from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..base.errors import coded_error
from .const import PLANS

# What may still be added once the service is on record.
LATE_FIELDS = frozenset({'certificate_no', 'attachment_ids', 'cost', 'note', 'partner_id'})


class AftersalesToolService(models.Model):
    """A calibration or maintenance that was done, with its certificate; it moves the tool's next due day (R-TOOL-11)."""

    _name = 'aftersales.tool.service'
    _description = "Tool Calibration or Maintenance"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'done_on desc, id desc'
    _rec_name = 'tool_id'
    _check_company_auto = True
    _guarded_fields = frozenset({'company_id', 'move_id', 'user_id'})

    tool_id = fields.Many2one(
        'aftersales.tool', required=True, index=True, ondelete='restrict', check_company=True
    )
    category_id = fields.Many2one(related='tool_id.category_id', store=True, index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kind = fields.Selection(
        [('calibration', "Calibration"), ('maintenance', "Maintenance")], required=True, default='calibration', index=True
    )
    done_on = fields.Date("Done On", required=True, default=lambda self: self.env.company._aftersales_today(), index=True)
    valid_until = fields.Date(
        compute='_compute_valid_until', store=True, readonly=False,
        help="Next due day; from the months of the category unless given.",
    )
    result = fields.Selection(
        [('passed', "Passed"), ('limited', "Passed with limits"), ('failed', "Failed")], required=True, default='passed'
    )
    partner_id = fields.Many2one('res.partner', "Provider", help="Institute or workshop; empty: done in the house.")
    certificate_no = fields.Char("Calibration Certificate")
    attachment_ids = fields.Many2many(
        'ir.attachment', 'aftersales_tool_service_attachment_rel', 'service_id', 'attachment_id', string="Certificates"
    )
    cost = fields.Monetary()
    note = fields.Text()
    move_id = fields.Many2one(
        'aftersales.tool.move', "Ledger Entry", readonly=True, index='btree_not_null', ondelete='restrict'
    )
    user_id = fields.Many2one(
        'res.users', "Recorded By", readonly=True, required=True, default=lambda self: self.env.user
    )

    _order_of_days = models.Constraint(
        'CHECK(valid_until IS NULL OR valid_until >= done_on)', "[TOO-80] It is valid from the day it was done."
    )

    # === COMPUTE METHODS === #

    @api.depends('tool_id', 'kind', 'done_on')
    def _compute_valid_until(self):
        for service in self:
            category = service.tool_id.category_id
            months = category.calibration_months if service.kind == 'calibration' else category.maintenance_months
            service.valid_until = service.done_on + relativedelta(months=months) if service.done_on and months else False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            tool = self.env['aftersales.tool'].browse(vals.get('tool_id'))
            tool.check_access('read')
            vals['company_id'] = tool.sudo().company_id.id
            if not self._is_guarded():
                vals.pop('move_id', None)
                vals['user_id'] = self.env.uid
        services = super(AftersalesToolService, self._guarded()).create(vals_list).with_env(self._unguarded().env)
        services._apply_sudo()
        return services

    def write(self, vals):
        if not self._is_guarded() and vals.keys() - LATE_FIELDS:
            raise coded_error('TOO-81', self.env._(
                "What was done is on record. Add the certificate or a note, or record another service."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('TOO-81', self.env._(
            "What was done is on record. Add the certificate or a note, or record another service."))

    # === BUSINESS METHODS === #

    def _apply_sudo(self):
        """Move the next due day of the tools; sudo: the day is kept by the system, who may record may move it.

        Only the latest service of a kind counts; a failed calibration ends the validity, so the tool is not lent.
        """
        for service in self.sudo():
            if service == service._latest():
                service.tool_id._guarded().write({PLANS[service.kind]: service._due()})
                service.tool_id.activity_feedback([f'aftersales_service.mail_activity_tool_{service.kind}'])

    def _latest(self):
        """Return the last service of this kind on the tool; what was reversed in the ledger does not count."""
        self.ensure_one()
        return self.search(
            [('tool_id', '=', self.tool_id.id), ('kind', '=', self.kind),
             '|', ('move_id', '=', False), ('move_id.reversal_ids', '=', False)],
            order='done_on desc, id desc', limit=1)

    def _due(self):
        """Return the day until which it holds; a failed one ended the validity the day before."""
        self.ensure_one()
        return fields.Date.subtract(self.done_on, days=1) if self.result == 'failed' else self.valid_until


class AftersalesToolCategory(models.Model):
    _inherit = 'aftersales.tool.category'

    maintenance_months = fields.Integer(
        "Maintenance every (months)", help="For equipment such as lifts and wheel balancers. 0: no plan.",
    )

    _maintenance_positive = models.Constraint('CHECK(maintenance_months >= 0)', "Months are not negative.")
