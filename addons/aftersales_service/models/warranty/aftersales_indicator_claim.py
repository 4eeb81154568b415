from odoo import api, models
from odoo.fields import Domain

from ...rules import indicators as indicator_rules


class AftersalesIndicator(models.Model):
    _inherit = 'aftersales.indicator'

    @api.model
    def _indicator_definitions(self):
        _ = self.env._
        warranty = {'room': 'warranty', 'groups': ('group_warranty_clerk', 'group_frontdesk_supervisor'), 'direction': 'none'}
        return super()._indicator_definitions() | {
            'warranty_parts_amount': {
                **warranty, 'sequence': 10, 'unit': 'money', 'rule': 'R-KPI-08',
                'name': _("Warranty parts amount"),
                'formula': _("Parts lines of the claims whose repair ended in the period, at the prices claimed"),
            },
            'warranty_cost_rate': {
                **warranty, 'sequence': 20, 'unit': 'percent', 'direction': 'down', 'target': 8.0, 'rule': 'R-KPI-09',
                'name': _("Warranty cost rate"),
                'formula': _("Warranty parts amount ÷ vehicle sales of the months that begin in the period × 100"),
            },
            'claim_success_rate': {
                **warranty, 'sequence': 30, 'unit': 'percent', 'direction': 'up', 'rule': 'R-KPI-42',
                'name': _("Claim success rate, claims"),
                'formula': _("Claims first sent in the period and approved, in full or in part ÷ claims first sent × 100"),
            },
            'claim_success_amount': {
                **warranty, 'sequence': 31, 'unit': 'percent', 'direction': 'up', 'rule': 'R-KPI-42',
                'name': _("Claim success rate, amount"),
                'formula': _("Approved ÷ claimed amount of the claims first sent in the period, tax included × 100"),
            },
            'claim_first_pass_rate': {
                **warranty, 'sequence': 40, 'unit': 'percent', 'direction': 'up', 'rule': 'R-KPI-42',
                'name': _("First-pass rate of claims"),
                'formula': _("Claims approved in full at their only submission ÷ claims answered, of those first sent in the period × 100"),
            },
            'claim_days': {
                **warranty, 'sequence': 50, 'unit': 'days', 'direction': 'down', 'rule': 'R-WAR-11',
                'name': _("Days from repair to claim"),
                'formula': _("Mean days from the end of the repair to the first submission, of claims first sent in the period"),
            },
            'first_fix_rate': {
                'room': 'workshop', 'groups': ['group_workshop_supervisor', 'group_frontdesk_supervisor'], 'direction': 'up',
                'sequence': 20, 'unit': 'percent', 'target': 98.0, 'rule': 'R-KPI-25',
                'name': _("Fixed right the first time"),
                'formula': _("Orders handed over in the period without rework and without a comeback for the same complaint ÷ "
                             "orders handed over × 100"),
            },
        }

    # === WORKSHOP === #

    def _indicator_first_fix_rate(self, company, date_from, date_to):
        """A comeback counts against the order it came back from, whenever it came."""
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = Domain([
            ('company_id', '=', company.id), ('handed_over_at', '>=', start), ('handed_over_at', '<', end), ('outcome', '=', 'done'),
        ])
        orders = self.env['aftersales.repair.order']._search(domain)
        failed = set(self.env['aftersales.operation'].search_fetch(
            [('order_id', 'in', orders), ('kind', '=', 'rework'), ('state', '!=', 'cancelled')], ['order_id']).order_id.ids)
        failed |= set(self.env['aftersales.comeback'].search_fetch(
            [('former_order_id', 'in', orders), ('is_same', '=', True)], ['former_order_id']).former_order_id.ids)
        total = self.env['aftersales.repair.order'].search_count(domain)
        right = total - len(failed)
        # What went wrong is what one wants to look at.
        return self._result(
            right, total, indicator_rules.percent(right, total) if total else None, 'aftersales.repair.order', [('id', 'in', sorted(failed))])

    # === WARRANTY === #

    def _indicator_warranty_parts_amount(self, company, date_from, date_to):
        domain = self._repaired_domain(company, date_from, date_to)
        amount = self._warranty_parts(domain)
        return self._result(amount or 0.0, None, amount, 'aftersales.warranty.claim', list(domain))

    def _indicator_warranty_cost_rate(self, company, date_from, date_to):
        domain = self._repaired_domain(company, date_from, date_to)
        parts = self._warranty_parts(domain) or 0.0
        [(sales,)] = self.env['aftersales.vehicle.sales']._read_group(
            [('company_id', '=', company.id), ('month', '>=', date_from), ('month', '<=', date_to)], [], ['amount:sum'],
        )
        return self._result(
            parts, sales or 0.0, indicator_rules.percent(parts, sales or 0.0), 'aftersales.warranty.claim', list(domain))

    def _indicator_claim_success_rate(self, company, date_from, date_to):
        domain = self._sent_domain(company, date_from, date_to)
        counts = dict(self.env['aftersales.warranty.claim']._read_group(domain, ['state'], ['__count']))
        sent = sum(counts.values())
        approved = self.env['aftersales.warranty.claim'].search_count(domain & Domain('approved_total', '>', 0))
        return self._result(approved, sent, indicator_rules.percent(approved, sent), 'aftersales.warranty.claim', list(domain))

    def _indicator_claim_success_amount(self, company, date_from, date_to):
        domain = self._sent_domain(company, date_from, date_to)
        [(claimed, approved)] = self.env['aftersales.warranty.claim']._read_group(
            domain, [], ['claimed_total:sum', 'approved_total:sum'])
        claimed, approved = claimed or 0.0, approved or 0.0
        return self._result(
            approved, claimed, indicator_rules.percent(approved, claimed), 'aftersales.warranty.claim', list(domain))

    def _indicator_claim_first_pass_rate(self, company, date_from, date_to):
        domain = self._sent_domain(company, date_from, date_to) & Domain('decided_at', '!=', False)
        claims = self.env['aftersales.warranty.claim'].search_fetch(domain, ['claimed_total', 'approved_total'])
        sendings = dict(self.env['aftersales.warranty.submission']._read_group(
            [('claim_id', 'in', claims.ids)], ['claim_id'], ['__count']))
        passed = claims.filtered(lambda claim: sendings[claim] == 1 and claim.currency_id.compare_amounts(
            claim.approved_total, claim.claimed_total) == 0)
        return self._result(
            len(passed), len(claims), indicator_rules.percent(len(passed), len(claims)), 'aftersales.warranty.claim',
            [('id', 'in', claims.ids)])

    def _indicator_claim_days(self, company, date_from, date_to):
        domain = self._sent_domain(company, date_from, date_to) & Domain('repaired_at', '!=', False)
        claims = self.env['aftersales.warranty.claim'].search_fetch(domain, ['repaired_at', 'submitted_at'])
        seconds = sum((claim.submitted_at - claim.repaired_at).total_seconds() for claim in claims)
        days = seconds / 86400
        return self._result(
            days, len(claims), days / len(claims) if claims else None, 'aftersales.warranty.claim', list(domain))

    @api.model
    def _repaired_domain(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        return Domain([
            ('company_id', '=', company.id), ('state', '!=', 'cancelled'), ('repaired_at', '>=', start), ('repaired_at', '<', end),
        ])

    @api.model
    def _sent_domain(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        return Domain([('company_id', '=', company.id), ('submitted_at', '>=', start), ('submitted_at', '<', end)])

    @api.model
    def _warranty_parts(self, domain):
        """Return what is claimed for parts on these claims; None without a claim."""
        [(amount, number)] = self.env['aftersales.warranty.claim']._read_group(domain, [], ['parts_amount:sum', '__count'])
        return amount or 0.0 if number else None
