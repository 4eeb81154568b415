from odoo import api, models
from odoo.fields import Domain

from ...rules import indicators as indicator_rules


class AftersalesIndicator(models.Model):
    """What went back to the manufacturers, by book on the day of sending (R-KPI-10)."""

    _inherit = 'aftersales.indicator'

    @api.model
    def _indicator_definitions(self):
        _ = self.env._
        readers = ('group_warranty_clerk', 'group_parts_manager')
        return super()._indicator_definitions() | {
            'old_parts_returned': {
                'room': 'warranty', 'unit': 'money', 'rule': 'R-KPI-10', 'sequence': 145, 'direction': 'up', 'groups': readers,
                'name': _("Old parts returned value"),
                'formula': _("Value by book of the manufacturers' old parts sent back, on the day they were sent"),
            },
            'old_parts_return_rate': {
                'room': 'warranty', 'unit': 'percent', 'rule': 'R-WAR-07', 'sequence': 146, 'direction': 'up', 'target': 100.0,
                'groups': readers, 'name': _("Old-part return rate"),
                'formula': _("Old parts called back that were sent in time ÷ old parts called back for that time"),
            },
        }

    def _indicator_old_parts_returned(self, company, date_from, date_to):
        start, end = company._aftersales_period_bounds(date_from, date_to)
        domain = [
            ('company_id', '=', company.id), ('kind', '=', 'ship'), ('at', '>=', start), ('at', '<', end),
            ('old_part_id.owner_kind', '=', 'manufacturer'),
        ]
        [[value, count]] = self.env['aftersales.old.part.move']._read_group(domain, [], ['value:sum', '__count'])
        value = company.currency_id.round(value or 0.0)
        return self._result(value, count, value, 'aftersales.old.part.move', domain)

    def _indicator_old_parts_return_rate(self, company, date_from, date_to):
        """A part is late when its day has passed and it is still here, or when it left after that day."""
        domain = Domain([
            ('company_id', '=', company.id), ('return_before', '>=', date_from), ('return_before', '<=', date_to),
            ('state', 'not in', ('handed', 'void')),
        ])
        parts = self.env['aftersales.old.part'].search_fetch(domain, ['shipped_at', 'return_before'])
        on_time = parts.filtered(
            lambda part: part.shipped_at and company._aftersales_today(part.shipped_at) <= part.return_before)
        percent = indicator_rules.percent(len(on_time), len(parts)) if parts else None
        return self._result(len(on_time), len(parts), percent, 'aftersales.old.part', list(domain))
