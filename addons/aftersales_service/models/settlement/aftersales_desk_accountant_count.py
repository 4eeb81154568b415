from odoo import api, models


class AftersalesDeskAccountant(models.AbstractModel):
    _inherit = 'aftersales.desk.accountant'

    @api.model
    @api.readonly
    def get_data(self):
        data = super().get_data()
        # Before the integrity findings, which close the list.
        data['boxes'].insert(-1, self._box_counts(self.env.company))
        return data

    def _box_counts(self, company):
        """Counts that wait for the accountant: above the limit to approve, adjusted and undecided."""
        counts = self.env['aftersales.stock.count'].search([
            ('company_id', '=', company.id), ('state', 'in', ('to_approve', 'applied')),
        ]).filtered(lambda count: count.state == 'applied' or (count.approved_by_id and count.needs_accountant))
        return self._box(
            'counts', self.env._("Stock differences undecided"), counts, sum(counts.mapped('undecided_amount')), tone='late',
            help=self.env._("Missing and surplus parts on the account of pending differences; none may be left at year end."),
        )
