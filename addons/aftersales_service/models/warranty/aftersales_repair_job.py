from odoo import fields, models

from ..base.const import MACHINE_MADE
from .claim_const import CLAIM_TYPES


class AftersalesRepairJob(models.Model):
    _inherit = 'aftersales.repair.job'

    claim_type = fields.Selection(
        CLAIM_TYPES, "Kind of Claim", default='normal', tracking=True,
        help="Warranty work: which agreement with the manufacturer covers it; decides terms and deadline.",
    )
    claim_ids = fields.One2many('aftersales.warranty.claim', 'job_id', "Warranty Claims")

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get('outcome', 'open') != 'open':
            # What left the order is not claimed any more; what the manufacturer has already stays with him.
            self.sudo().claim_ids._refresh()
        return result

    def unlink(self):
        # The lines first: they refuse when a manufacturer was told of them; what is left was never sent.
        self.line_ids.unlink()
        self.env['aftersales.warranty.claim'].sudo().search([('job_id', 'in', self.ids)]).unlink()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _make_claims(self):
        """Draft the claim of each job that a manufacturer pays, and bring open drafts up to date.

        Called when the inspection is passed, at settlement, and by the button of the order.

        :return: the claims of these jobs that are not cancelled.
        :rtype: recordset of aftersales.warranty.claim
        """
        self.check_access('read')
        claims = self._make_claims_sudo()
        claims._refresh()
        return claims.with_env(self.env)

    def _make_claims_sudo(self):
        """Find or create the claims; sudo: a fact of the order drafts them, whoever records it."""
        Claim = self.env['aftersales.warranty.claim'].sudo()
        jobs = self.sudo().filtered(lambda job: job.outcome == 'open')
        standing = Claim.search([('job_id', 'in', self.ids), ('cancelled_at', '=', False)])
        known = {(claim.job_id, claim.payer_id) for claim in standing}
        vals_list = [
            {'job_id': job.id, 'payer_id': share.payer_id.id, 'claim_type': job.claim_type}
            for job in jobs for share in job.share_ids
            if share.payer_id.kind == 'warranty' and (job, share.payer_id) not in known
            and any(job._payer_line_amounts().get(share.payer_id, {}).values())
        ]
        return standing | Claim._guarded().with_context(**MACHINE_MADE).create(vals_list).with_env(standing.env)

    def _sync_handling_fees(self):
        """Give warranty jobs the handling fee line of their brand's terms, at the amount the other lines ask for."""
        for job in self.filtered(lambda job: job.outcome == 'open'):
            order = job.order_id
            fee = job.line_ids.filtered('is_handling_fee')
            terms = self.env['aftersales.warranty.terms']
            if job.payer_kind == 'warranty':
                terms = order.vehicle_id.brand_id._warranty_terms(
                    order.company_id._aftersales_today(), order.company_id, job.claim_type,
                )
            amount = job._handling_amount(terms)
            if not amount:
                fee.unlink()
                continue
            if not fee:
                fee = self.env['aftersales.repair.line']._guarded().create({
                    'job_id': job.id, 'kind': 'fee', 'is_handling_fee': True, 'sequence': 90,
                    'product_id': self.env.ref('aftersales_service.product_warranty_handling').id,
                }).with_env(self.env)
            if order.currency_id.compare_amounts(fee.price_unit, amount):
                fee._guarded().write({'has_manual_price': True, 'manual_price_unit': amount})

    def _handling_amount(self, terms):
        """Return the handling fee of this job in the price basis; 0.0 where none is agreed."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.is_billable and not line.is_handling_fee)
        if terms.handling_method == 'fixed':
            return terms.handling_value if lines else 0.0
        if terms.handling_method == 'percent':
            return self.currency_id.round(sum(lines.mapped('price_amount')) * terms.handling_value / 100)
        return 0.0
