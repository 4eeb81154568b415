from odoo import models

from ..base.errors import coded_error


class StockScrap(models.Model):
    _inherit = 'stock.scrap'

    def do_scrap(self):
        """Parts leave the stock for the bin with a reason only (R-PART-17, R-PART-24)."""
        for scrap in self:
            if (
                scrap.product_id.aftersales_is_part
                and not scrap.scrap_reason_tag_ids
                and scrap.company_id._aftersales_gate('scrap_reason') in ('block', 'override')
            ):
                raise coded_error(
                    'PAR-76',
                    self.env._(
                        "Say why %(part)s is scrapped: choose a scrap reason.", part=scrap.product_id.display_name
                    ),
                )
        return super().do_scrap()
