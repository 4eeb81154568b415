from odoo import fields, models


class AftersalesVehicleBrand(models.Model):
    _inherit = 'aftersales.vehicle.brand'

    warranty_terms_ids = fields.One2many('aftersales.warranty.terms', 'brand_id', "Warranty Terms")

    def _warranty_terms(self, date, company, claim_type=None):
        """Return the terms that hold on a day; where a branch agreed on nothing, those of the company above it count.

        :param datetime.date date: day of the work.
        :param company: res.company.
        :param str claim_type: kind of claim; only terms for every kind unless given.
        :return: one record or an empty one, as superuser: prices depend on terms, whoever asks.
        :rtype: recordset of aftersales.warranty.terms
        """
        Terms = self.env['aftersales.warranty.terms'].sudo()
        if not self:
            return Terms
        self.ensure_one()
        for company_id in reversed(company.sudo().parent_ids.ids):
            fitting = [
                (bool(kind), date_from, terms_id)
                for kind, date_from, terms_id in Terms._rows_of(company_id, self.id)
                if date_from <= date and kind in (False, claim_type)
            ]
            if fitting:
                return Terms.browse(max(fitting)[2])
        return Terms
