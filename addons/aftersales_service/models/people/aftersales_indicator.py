from odoo import api, models

from ...rules import indicators as rules
from .aftersales_conduct_waiting import BLOCKED


class AftersalesIndicator(models.Model):
    """Figures of conduct and assessment; the facts open behind each of them."""

    _inherit = 'aftersales.indicator'

    @api.model
    def _indicator_definitions(self):
        _ = self.env._
        people = {'room': 'people', 'groups': ('group_hr_officer', 'group_service_manager'), 'direction': 'none'}
        return super()._indicator_definitions() | {
            'people_reward_ratio': {
                **people, 'unit': 'number', 'sequence': 10, 'rule': 'R-RP-01', 'direction': 'up', 'target': 1.0,
                'name': _("Rewards per penalty"),
                'formula': _("Decided rewards ÷ decided penalties, by the day of the act"),
            },
            'people_objection_success': {
                **people, 'unit': 'percent', 'sequence': 20, 'rule': 'R-RP-06, R-RP-07',
                'name': _("Objections that changed a decision"),
                'formula': _("Answered objections that changed or cancelled the decision ÷ answered objections"),
            },
            'people_decide_days': {
                **people, 'unit': 'days', 'sequence': 30, 'rule': 'R-RP-11', 'direction': 'down', 'target': 10.0,
                'name': _("Days to decide"),
                'formula': _("Mean of the days from discovery to decision of penalties decided in the period"),
            },
            'people_ready': {
                **people, 'unit': 'number', 'sequence': 40, 'rule': 'R-RP-08',
                'name': _("Records ready for the payroll"),
                'formula': _("Records in effect whose money the payroll does not have yet, now"),
            },
            'people_blocked': {
                **people, 'unit': 'number', 'sequence': 41, 'rule': 'R-RP-08', 'direction': 'down',
                'name': _("Records kept from the payroll"),
                'formula': _("Decided money that is not told, not acknowledged or still open to objection, now"),
            },
            'people_receipts': {
                **people, 'unit': 'percent', 'sequence': 50, 'rule': 'R-RP-03', 'direction': 'up', 'target': 100.0,
                'name': _("Signed for the rules"),
                'formula': _("Employees who signed for the version in force ÷ employees"),
            },
            'people_sheets': {
                **people, 'unit': 'percent', 'sequence': 60, 'rule': 'R-ASM-19', 'direction': 'up', 'target': 100.0,
                'name': _("Sheets approved"),
                'formula': _("Approved assessment sheets of the period's months ÷ sheets"),
            },
        }

    # === CONDUCT === #

    def _conduct_domain(self, company, date_from, date_to, day='act_date'):
        """Return the domain of decided records that still stand, of a period."""
        return [
            ('company_id', '=', company.id), ('decided_at', '!=', False), ('withdrawn_at', '=', False),
            ('is_cancelled', '=', False), (day, '>=', date_from), (day, '<=', date_to),
        ]

    def _indicator_people_reward_ratio(self, company, date_from, date_to):
        domain = self._conduct_domain(company, date_from, date_to)
        counts = dict(self.env['aftersales.conduct.record']._read_group(domain, ['kind'], ['__count']))
        rewards, penalties = counts.get('reward', 0), counts.get('penalty', 0)
        return self._result(rewards, penalties, rules.ratio(rewards, penalties), 'aftersales.conduct.record', domain)

    def _indicator_people_objection_success(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = [('company_id', '=', company.id), ('decided_at', '>=', start), ('decided_at', '<', end)]
        counts = dict(self.env['aftersales.conduct.review']._read_group(domain, ['result'], ['__count']))
        total = sum(counts.values())
        changed = counts.get('change', 0) + counts.get('cancel', 0)
        return self._result(changed, total, rules.percent(changed, total), 'aftersales.conduct.review', domain, views=['list'])

    def _indicator_people_decide_days(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = [
            ('company_id', '=', company.id), ('kind', '=', 'penalty'), ('withdrawn_at', '=', False),
            ('decided_at', '>=', start), ('decided_at', '<', end),
        ]
        records = self.env['aftersales.conduct.record'].search_fetch(domain, ['decided_at', 'discovered_on'])
        days = [(company._aftersales_today(record.decided_at) - record.discovered_on).days for record in records]
        return self._result(sum(days), len(days), rules.mean(days), 'aftersales.conduct.record', domain)

    # === PAYROLL === #

    def _indicator_people_ready(self, company, date_from, date_to):
        return self._waiting_measure(company, ('ready', 'carried'))

    def _indicator_people_blocked(self, company, date_from, date_to):
        return self._waiting_measure(company, BLOCKED)

    def _waiting_measure(self, company, holds):
        """Count what waits now, whatever the period: yesterday's queue is nobody's work any more."""
        domain = [('company_id', '=', company.id), ('hold', 'in', holds), ('amount_total', '!=', 0)]
        records = self.env['aftersales.conduct.record']
        count = records.search_count(domain)
        known = count or records.search_count([('company_id', '=', company.id)], limit=1)
        return self._result(count, None, count if known else None, 'aftersales.conduct.record', domain)

    # === RECEIPTS AND SHEETS === #

    def _indicator_people_receipts(self, company, date_from, date_to):
        book = self.env['aftersales.conduct.rulebook']._at(company, date_to)
        people = self.env['hr.employee'].search([('company_id', '=', company.id)])
        signed = self.env['aftersales.conduct.receipt'].search_count(
            [('rulebook_id', '=', book.id), ('employee_id', 'in', people.ids)]) if book else 0
        value = rules.percent(signed, len(people)) if book else None
        return self._result(
            signed, len(people), value, 'aftersales.conduct.receipt', [('rulebook_id', 'in', book.ids)], views=['list'])

    def _indicator_people_sheets(self, company, date_from, date_to):
        domain = [
            ('company_id', '=', company.id), ('month', '>=', date_from.replace(day=1)), ('month', '<=', date_to)]
        counts = dict(self.env['aftersales.assessment']._read_group(domain, ['state'], ['__count']))
        total = sum(counts.values())
        return self._result(
            counts.get('approved', 0), total, rules.percent(counts.get('approved', 0), total), 'aftersales.assessment', domain)
