from odoo import api, fields, models


class AftersalesMinimumWage(models.Model):
    """Minimum wage of a place from a day on: what is left of a month's wage never falls below it (R-RP-15)."""

    _name = 'aftersales.minimum.wage'
    _description = "Minimum wage"
    _order = 'date_from desc, id desc'
    _rec_name = 'date_from'

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    work_location_id = fields.Many2one('hr.work.location', string="Place of work", index='btree_not_null', check_company=True,
                                       help="Empty: every place of the company without a row of its own.")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    note = fields.Char(help="Decree, and what counts towards it.")

    _amount_positive = models.Constraint('CHECK(amount > 0)', "A minimum wage is above zero.")
    _once = models.UniqueIndex("(company_id, COALESCE(work_location_id, 0), date_from)",
                               "This place has a minimum wage from that day already.")

    @api.model
    def _at_sudo(self, company, day):
        """Return the minimum wages of a company on a day: {work location id or False: amount}; sudo: public law."""
        rows = self.sudo().search([('company_id', '=', company.id), ('date_from', '<=', day)], order='date_from, id')
        return {row.work_location_id.id: row.amount for row in rows}
