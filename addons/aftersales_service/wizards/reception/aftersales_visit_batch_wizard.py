import re

from odoo import api, fields, models

from ...models.base.errors import coded_error
from ...models.reception.aftersales_visit import CAR_TYPES
from ...rules import plate as plate_rules
from ...rules import vin as vin_rules


class AftersalesVisitBatchWizard(models.TransientModel):
    """Takes in several cars of one customer at once: a fleet brings six, ten new cars come for PDI.

    One car per line, plate or VIN, pasted from a sheet or scanned; anything after the first word of a line may be
    the mileage. Cars we know are recognised, the others get a file.
    """

    _name = 'aftersales.visit.batch.wizard'
    _description = "Batch Intake"

    company_id = fields.Many2one(
        comodel_name='res.company', required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        comodel_name='res.partner', string="Customer", required=True,
        help="The fleet or department the cars belong to.")
    profile_id = fields.Many2one(
        comodel_name='aftersales.profile', required=True, default=lambda self: self._default_profile(),
        domain="[('company_id', '=', company_id), ('code', 'not in', ('company', 'counter', 'on_site'))]")
    driver_name = fields.Char(string="Brought by")
    driver_phone = fields.Char()
    advisor_id = fields.Many2one(comodel_name='res.users', default=lambda self: self.env.user)
    request = fields.Text(string="Customer's Words")
    text = fields.Text(
        string="Plates or VINs", required=True, help="One car per line: plate or VIN, then the mileage if known.")
    line_ids = fields.One2many(
        comodel_name='aftersales.visit.batch.wizard.line', inverse_name='wizard_id', compute='_compute_line_ids',
        store=True, readonly=False)
    is_arrival = fields.Boolean(
        string="Cars Are Here", default=True, help="Untick to announce cars that come later.")

    @api.model
    def _default_profile(self):
        return self.env.company._aftersales_profile('fleet')

    @api.depends('text', 'company_id')
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(vals) for vals in wizard._parse_lines()]

    def _parse_lines(self):
        """Read the pasted text: one dict per car, unknown words as they are, double ones once.

        :return: list of dict(license_plate or vin, odometer, vehicle_id, problem).
        """
        self.ensure_one()
        vals_list, seen = [], set()
        Visit = self.env['aftersales.visit']
        for row in re.split(r'[\n;,，；]+', self.text or ''):
            words = row.split()
            if not words:
                continue
            code = vin_rules.normalise(words[0])
            if code in seen:
                continue
            seen.add(code)
            is_vin = len(code) == vin_rules.LENGTH
            numbers = [word for word in words[1:] if re.fullmatch(r'\d{1,7}', word)]
            found = Visit._recognise(
                None if is_vin else code, code if is_vin else None, company=self.company_id or self.env.company)
            problem = False
            if not is_vin and not plate_rules.is_valid(code) and not found['vehicle']:
                problem = self.env._("Neither a plate nor a VIN of 17 characters")
            vals_list.append({
                'license_plate': False if is_vin else code,
                'vin': code if is_vin else False,
                'odometer': int(numbers[0]) if numbers else 0,
                'vehicle_id': found['vehicle'].id,
                'problem': problem,
            })
        self._mark_inside(vals_list)
        return vals_list

    def _mark_inside(self, vals_list):
        """Say beforehand which cars are inside already."""
        vehicle_ids = [vals['vehicle_id'] for vals in vals_list if vals['vehicle_id']]
        inside = self.env['aftersales.visit'].search([
            ('vehicle_id', 'in', vehicle_ids), ('state', 'in', ('inside', 'out')), ('visit_type', 'in', CAR_TYPES),
        ]).vehicle_id.ids
        for vals in vals_list:
            if vals['vehicle_id'] in inside:
                vals['problem'] = self.env._("Inside already")

    def action_create(self):
        """Create the visits; lines with a problem are taken out first by the user.

        :raise UserError: REC-27 nothing to take in, or lines that nobody can register.
        """
        self.ensure_one()
        if not self.line_ids:
            raise coded_error('REC-27', self.env._("Paste at least one plate or VIN."))
        wrong = self.line_ids.filtered('problem')
        if wrong:
            raise coded_error('REC-27', self.env._(
                "These lines cannot be taken in, correct or remove them: %(lines)s",
                lines=", ".join(f"{line.license_plate or line.vin} ({line.problem})" for line in wrong)))
        visits = self._create_visits()
        action = None
        if self.is_arrival:
            visits._arrive()
            action = visits._after_batch_intake(visits)
        return action or {
            **self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_visit_action'),
            'domain': [('id', 'in', visits.ids)], 'context': {},
        }

    def _create_visits(self):
        Visit = self.env['aftersales.visit'].with_company(self.company_id)
        vals_list = []
        for line in self.line_ids:
            vehicle = line.vehicle_id or Visit._create_vehicle_sudo({
                'license_plate': line.license_plate, 'vin': line.vin, 'partner_id': self.partner_id.id,
            }, self.company_id)
            vals_list.append({
                'company_id': self.company_id.id, 'visit_type': 'repair', 'profile_id': self.profile_id.id,
                'vehicle_id': vehicle.id, 'partner_id': self.partner_id.id, 'driver_name': self.driver_name,
                'driver_phone': self.driver_phone, 'advisor_id': self.advisor_id.id, 'request': self.request,
                'odometer': line.odometer,
            })
        return Visit.create(vals_list)


class AftersalesVisitBatchWizardLine(models.TransientModel):
    """One car of a batch, as read from the pasted text."""

    _name = 'aftersales.visit.batch.wizard.line'
    _description = "Batch Intake Car"

    wizard_id = fields.Many2one(
        comodel_name='aftersales.visit.batch.wizard', required=True, ondelete='cascade', index=True)
    license_plate = fields.Char()
    vin = fields.Char(string="VIN")
    odometer = fields.Integer()
    vehicle_id = fields.Many2one(comodel_name='aftersales.vehicle', string="Known Car")
    problem = fields.Char()
