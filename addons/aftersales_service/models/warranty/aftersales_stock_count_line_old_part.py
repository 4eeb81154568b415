from odoo import fields, models

from ..base.errors import coded_error


class AftersalesStockCountLine(models.Model):
    _inherit = 'aftersales.stock.count.line'
    _guarded_fields = frozenset({'old_part_id'})

    old_part_id = fields.Many2one('aftersales.old.part', readonly=True, index='btree_not_null', ondelete='restrict', check_company=True)

    _place_uniq = models.UniqueIndex(
        "(count_id, product_id, location_id, COALESCE(lot_id, 0), COALESCE(owner_id, 0), COALESCE(package_id, 0), "
        "COALESCE(repair_line_id, 0), COALESCE(old_part_id, 0))",
        "[CNT-18] This part stands in the count already, at the same place.",
    )

    def _number_problem(self, quantity):
        problem = super()._number_problem(quantity)
        if problem or not self.old_part_id or quantity in (0, self.old_part_id.sudo()._stock_qty()):
            return problem
        return coded_error('CNT-21', self.env._(
            "%(line)s: a tag is there with all its pieces or not at all. Void it and tag what is left when pieces are gone.",
            line=self.display_name))
