from odoo import api, fields, models

# Code → label, where the value is (path from the visit), asked by default. R-PROC-24.
INTAKE_FIELDS = {
    'customer': ("Customer", 'partner_id', True),
    'company_name': ("Customer's company", 'partner_id.commercial_partner_id.name', False),
    'phone': ("Phone", 'partner_id.phone', True),
    'driver_name': ("Brought by", 'driver_name', False),
    'plate': ("Plate", 'vehicle_id.license_plate', True),
    'model': ("Model", 'vehicle_id.model_id', True),
    'vin': ("VIN", 'vehicle_id.vin', True),
    'engine_no': ("Engine no.", 'vehicle_id.engine_no', False),
    'request': ("Customer's words", 'request', True),
}


class AftersalesIntakeField(models.Model):
    """One datum of the minimum set a company asks for at intake; archived means not asked."""

    _name = 'aftersales.intake.field'
    _description = "Minimum Data at Intake"
    _order = 'company_id, sequence, id'
    _rec_name = 'code'

    code = fields.Selection(
        selection=[(code, label) for code, (label, _path, _asked) in INTAKE_FIELDS.items()], required=True,
        string="Datum")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="Required", default=True)
    company_id = fields.Many2one(
        comodel_name='res.company', required=True, index=True, default=lambda self: self.env.company)

    _once = models.UniqueIndex("(company_id, code)", "Each datum is listed once per company.")

    @api.model
    def _sync_sudo(self, companies):
        """Create the rows a company lacks; sudo: called when a company is made."""
        existing = {
            (row.company_id.id, row.code)
            for row in self.sudo().with_context(active_test=False).search([('company_id', 'in', companies.ids)])
        }
        self.sudo().create([
            {'company_id': company.id, 'code': code, 'sequence': sequence * 10, 'active': asked}
            for company in companies
            for sequence, (code, (_label, _path, asked)) in enumerate(INTAKE_FIELDS.items(), start=1)
            if (company.id, code) not in existing
        ])
