from odoo import api, fields, models


class AftersalesVehicleSales(models.Model):
    """What the dealership sold in new cars in a month, entered by hand: the measure of the warranty cost rate."""

    _name = 'aftersales.vehicle.sales'
    _description = "Vehicle Sales of a Month"
    _inherit = ['mail.thread']
    _order = 'month desc, id desc'
    _rec_name = 'month'

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today(), help="Any day of the month.")
    amount = fields.Monetary("Vehicle Sales", required=True, tracking=True)
    note = fields.Char("Source")

    _month_uniq = models.UniqueIndex('(company_id, month)', "The vehicle sales of this month are there already.")
    _amount_positive = models.Constraint('CHECK(amount >= 0)', "Sales are not negative.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_of_month(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_of_month(vals))

    @api.model
    def _first_of_month(self, vals):
        """Keep a month by its first day, whatever day was typed."""
        day = fields.Date.to_date(vals.get('month'))
        return {**vals, 'month': day.replace(day=1)} if day else vals
