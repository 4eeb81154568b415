from odoo import api, fields, models
from odoo.fields import Domain

from .aftersales_check_in import KINDS


class AftersalesCheckInTemplate(models.Model):
    """What is looked at, by model group and mileage tier; its texts are data that the shop edits (R-CON-18)."""

    _name = 'aftersales.check.in.template'
    _description = "Check-In Template"
    _order = 'kind, odometer_from desc, sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(selection=KINDS, required=True, default='check_in')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(comodel_name='res.company', help="Empty: every company uses it.")
    model_group_ids = fields.Many2many(
        comodel_name='aftersales.vehicle.model.group', string="Model Groups", help="Empty: all cars.")
    odometer_from = fields.Integer(
        string="From (km)", default=0, aggregator=None,
        help="The sheet with the highest tier that the car has reached is taken.")
    covers_pieces = fields.Integer(string="Cover Pieces", default=3, aggregator=None)
    line_ids = fields.One2many(
        comodel_name='aftersales.check.in.template.line', inverse_name='template_id', copy=True)

    _odometer_positive = models.Constraint("CHECK (odometer_from >= 0)", "A mileage tier begins at 0 km or above.")

    @api.model
    def _find(self, kind, vehicle, odometer, company):
        """Return the template for a car: its model group before all cars, then the highest tier reached.

        :param int odometer: km, 0 when unknown: the car's last reading counts then.
        :return: one template or none.
        """
        reached = odometer or vehicle.odometer or 0
        templates = self.search(
            Domain('kind', '=', kind) & Domain('company_id', 'in', [company.id, False])
            & Domain('odometer_from', '<=', reached))
        group = vehicle.model_group_id
        fitting = templates.filtered(lambda template: not template.model_group_ids or group in template.model_group_ids)
        return fitting.sorted(lambda template: (
            not template.model_group_ids, -template.odometer_from, not template.company_id, template.sequence,
            template.id,
        ))[:1]
