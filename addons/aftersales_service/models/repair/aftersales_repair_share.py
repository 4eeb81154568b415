from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error


class AftersalesRepairShare(models.Model):
    """How much of one job one payer carries. Prices are shared, quantities never."""

    _name = 'aftersales.repair.share'
    _description = "Share of a Job"
    _order = 'job_id.id, id'

    job_id = fields.Many2one('aftersales.repair.job', required=True, ondelete='cascade', index=True)
    order_id = fields.Many2one(related='job_id.order_id', store=True, index=True)
    company_id = fields.Many2one(related='job_id.company_id', store=True)
    currency_id = fields.Many2one(related='order_id.currency_id')
    payer_id = fields.Many2one(
        'aftersales.repair.payer', required=True, ondelete='cascade', index=True, domain="[('order_id', '=', order_id)]"
    )
    method = fields.Selection(
        [('rest', "The Rest"), ('percent', "Percent"), ('fixed', "Fixed Amount")], required=True, default='rest'
    )
    value = fields.Float("Amount or Percent", help="Percent, or an amount in the company's price basis.")
    amount = fields.Monetary(compute='_compute_amount', store=True, help="In the company's price basis.")
    amount_total = fields.Monetary("Amount incl. Tax", compute='_compute_amount', store=True)

    _payer_uniq = models.UniqueIndex('(job_id, payer_id)', "A payer has one share of a job.")
    _value_range = models.Constraint(
        "CHECK(value >= 0 AND (method <> 'percent' OR value <= 100))",
        "A share is not negative, and at most 100 %.",
    )

    @api.depends(
        'method',
        'value',
        'job_id.share_ids.method',
        'job_id.share_ids.value',
        'job_id.share_ids.payer_id.sequence',
        'job_id.line_ids.price_amount',
        'job_id.line_ids.price_total',
        'job_id.line_ids.tax_ids',
    )
    def _compute_amount(self):
        for job, shares in self.grouped('job_id').items():
            parts = job._payer_line_amounts()
            for share in shares:
                by_line = parts.get(share.payer_id, {})
                share.amount = sum(by_line.values())
                share.amount_total = sum(
                    line.price_total if amount == line.price_amount else line._tax_totals(amount)[1]
                    for line, amount in by_line.items()
                )

    @api.constrains('payer_id', 'job_id')
    def _check_same_order(self):
        for share in self:
            if share.payer_id.order_id != share.job_id.order_id:
                raise coded_error(
                    'REP-16',
                    self.env._("The payer of a share must be on the same order as “%(job)s”.", job=share.job_id.name),
                    ValidationError,
                )

    @api.constrains('method', 'job_id')
    def _check_one_rest(self):
        for job in self.job_id:
            if len(job.share_ids.filtered(lambda share: share.method == 'rest')) > 1:
                raise coded_error(
                    'REP-17',
                    self.env._("Only one payer of “%(job)s” can take the rest.", job=job.name),
                    ValidationError,
                )

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.order_id._ensure_editable()
        shares.order_id._advance()
        return shares

    def write(self, vals):
        self.order_id._ensure_editable()
        result = super().write(vals)
        self.order_id._advance()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._advance()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.order_id._ensure_editable()
