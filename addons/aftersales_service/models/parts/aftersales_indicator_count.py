from odoo import api, models
from odoo.fields import Domain

from ...rules import indicators as indicator_rules


class AftersalesIndicator(models.Model):
    """How right the book was found by the counts finished in a period (R-KPI-38)."""

    _inherit = 'aftersales.indicator'

    @api.model
    def _indicator_definitions(self):
        _ = self.env._
        counts = {'room': 'parts', 'unit': 'percent', 'rule': 'R-KPI-38'}
        return super()._indicator_definitions() | {
            'count_accuracy': {
                **counts, 'sequence': 95, 'direction': 'up', 'target': 98.0, 'groups': ('group_parts_keeper',),
                'name': _("Count accuracy"),
                'formula': _("Lines counted without a difference ÷ lines counted"),
            },
            'count_shortage': {
                **counts, 'sequence': 96, 'direction': 'down', 'groups': ('group_parts_manager',),
                'name': _("Shortage rate of counts"),
                'formula': _("Value found missing ÷ book value of what was counted"),
            },
        }

    def _indicator_count_accuracy(self, company, date_from, date_to):
        domain = self._counted_domain(company, date_from, date_to)
        [[total]] = self.env['aftersales.stock.count.line']._read_group(domain, [], ['__count'])
        [[different]] = self.env['aftersales.stock.count.line']._read_group(
            domain & Domain('difference_qty', '!=', 0), [], ['__count'])
        equal = total - different
        return self._result(
            equal, total, indicator_rules.percent(equal, total) if total else None, 'aftersales.stock.count.line', list(domain))

    def _indicator_count_shortage(self, company, date_from, date_to):
        domain = self._counted_domain(company, date_from, date_to)
        Line = self.env['aftersales.stock.count.line']
        [[book]] = Line._read_group(domain, [], ['book_value:sum'])
        missing = domain & Domain('difference_value', '<', 0)
        [[value]] = Line._read_group(missing, [], ['difference_value:sum'])
        short = company.currency_id.round(-(value or 0.0))
        return self._result(
            short, book or 0.0, indicator_rules.percent(short, book) if book else None, 'aftersales.stock.count.line', list(missing))

    def _counted_domain(self, company, date_from, date_to):
        """Return the domain of lines of approved counts whose counting ended in the period."""
        start, end = company._aftersales_period_bounds(date_from, date_to)
        return Domain([
            ('company_id', '=', company.id), ('first_at', '!=', False), ('count_id.state', 'in', ('applied', 'decided')),
            ('count_id.finished_at', '>=', start), ('count_id.finished_at', '<', end),
        ])
