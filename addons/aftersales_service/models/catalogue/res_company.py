from odoo import models


class ResCompany(models.Model):
    _inherit = 'res.company'

    def _aftersales_setup_checks(self):
        checks = super()._aftersales_setup_checks()
        today = self._aftersales_today()
        rate = max((
            price for company in self.sudo().parent_ids
            for date_from, price, wanted in self.env['aftersales.labour.rate']._rates_of(company.id)
            if date_from <= today and wanted['payer_kind'] in (False, 'customer')
        ), default=0.0)
        labour = self.env['aftersales.labour.item'].sudo().search_count(
            [('company_id', 'in', (self.id, False))], limit=1,
        )
        return checks + [
            {
                'code': 'labour_rate', 'name': self.env._("Labour rate"), 'ok': bool(rate), 'fix': None,
                'message': self.env._(
                    "An hour costs customers up to %(price)s.", price=self.currency_id.format(rate),
                ) if rate else self.env._(
                    "No labour rate for customers: labour would cost nothing. Enter one under Catalogue › Labour "
                    "Rates.",
                ),
            },
            {
                'code': 'labour_items', 'name': self.env._("Labour items"), 'ok': bool(labour), 'fix': None,
                'message': self.env._("The labour table is filled.") if labour else self.env._(
                    "The labour table is empty. Import it under Catalogue › Labour Items, or enter the first items.",
                ),
            },
        ]
