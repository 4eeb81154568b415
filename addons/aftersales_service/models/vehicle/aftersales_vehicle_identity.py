from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError

from ...rules import plate as plate_rules
from ...rules import vin as vin_rules
from ...rules.text import letters_and_digits
from ..base.errors import coded_error
from ..base.gates import BLOCKING


class AftersalesVehicle(models.Model):
    """Plate and chassis number: stored in one spelling, checked as strictly as the company wants."""

    _inherit = 'aftersales.vehicle'

    # === BUSINESS METHODS: IDENTITY === #

    @api.model
    def _normalise_identity(self, vals):
        """Return the values with plate, VIN and engine number as they are stored."""
        clean = {
            'license_plate': plate_rules.normalise,
            'vin': vin_rules.normalise,
            'engine_no': letters_and_digits,
        }
        return {
            name: (clean[name](str(value)) or False) if name in clean and value else value
            for name, value in vals.items()
        }

    def _vin_rule(self):
        """Return how this vehicle's VIN is checked: off, structure or check_digit.

        :rtype: str
        """
        self.ensure_one()
        own = self.brand_id.vin_check
        if own and own != 'company':
            return own
        return 'check_digit' if self.company_id._aftersales_uses_vin_check_digit() else 'structure'

    def _identity_problems(self):
        """Return what is wrong with VIN and plate, at the level of the company's gates.

        :return: {vehicle: [(Blocker, reason that was given or empty record)]}, every vehicle of self as key.
        :rtype: dict
        """
        twins = self._plate_twins_sudo()
        result = {}
        for vehicle in self:
            company = vehicle.company_id or self.env.company
            found = []
            if vehicle.vin and (text := vehicle._vin_problem()):
                found.append((vehicle._blocker('vin_check', 'VEH-01', text), vehicle.vin_override_reason_id))
            if vehicle.license_plate:
                reason = vehicle.plate_override_reason_id
                china = company.sudo().country_id.code in (False, 'CN')
                if china and plate_rules.kind(vehicle.license_plate) == 'other':
                    found.append((vehicle._blocker('plate_format', 'VEH-06', self.env._(
                        "%(plate)s is no Chinese plate. Compare it with the car.", plate=vehicle.license_plate,
                    )), reason))
                plate = plate_rules.normalise(vehicle.license_plate)
                if others := twins.get((company.id, plate), self.browse()) - vehicle._origin:
                    found.append((vehicle._blocker('plate_duplicate', 'VEH-07', self.env._(
                        "Plate %(plate)s also belongs to %(vehicles)s. Clear it there if it was moved to this car.",
                        plate=vehicle.license_plate, vehicles=", ".join(others.mapped('display_name')),
                    )), reason))
            result[vehicle] = [(blocker, reason) for blocker, reason in found if blocker]
        return result

    def _vin_problem(self):
        """Return a sentence about what is wrong with the VIN, or False."""
        self.ensure_one()
        rule = self._vin_rule()
        problems = vin_rules.problems(self.vin, check=rule == 'check_digit') if rule != 'off' else []
        if not problems:
            return False
        texts = {
            'length': self.env._("it has %(count)s characters instead of 17", count=len(vin_rules.normalise(self.vin))),
            'letters': self.env._("only digits and letters without I, O and Q are used"),
            'check_digit': self.env._("the check digit in position 9 does not fit, so one character is wrong"),
        }
        return self.env._(
            "VIN %(vin)s is wrong: %(problems)s. Compare it with the car.",
            vin=self.vin, problems=", ".join(texts[problem] for problem in problems if problem in texts),
        )

    def _plate_twins_sudo(self):
        """Return {(company id, plate): vehicles} of all active vehicles with the plates of self; one query."""
        plates = [plate_rules.normalise(plate) for plate in self.mapped('license_plate') if plate]
        twins = defaultdict(self.browse)
        if plates:
            for vehicle in self.sudo().search_fetch(
                [('license_plate', 'in', plates)],
                ['company_id', 'license_plate', 'vin_tail', 'partner_name', 'model_id'],
            ):
                twins[vehicle.company_id.id, vehicle.license_plate] |= vehicle
        return twins

    def _check_identity(self):
        """Refuse or note down wrong VINs and plates; a reason passes where the gate allows it.

        :raise ValidationError: VEH-01 VIN, VEH-06 plate, VEH-07 plate of another car, VEH-11 no right to override.
        """
        noted = defaultdict(list)
        for vehicle, problems in self.filtered('active')._identity_problems().items():
            for blocker, reason in problems:
                if blocker.level in BLOCKING:
                    vehicle._pass_blocker(blocker, 'identity', reason)
                else:
                    noted[vehicle.id].append(blocker.message)
        if noted:
            self.browse(noted)._message_log_batch(bodies={
                vehicle_id: " ".join(messages) for vehicle_id, messages in noted.items()
            })

    def _pass_blocker(self, blocker, target, reason, note=None):
        """Let a blocking reason pass with the user's reason, recorded and counted, or refuse.

        :param Blocker blocker: at level block or override.
        :raise ValidationError: the blocker's code, or VEH-11 if the user may not override.
        """
        self.ensure_one()
        if blocker.level != 'override' or not reason:
            hint = self.env._("If it is right nevertheless, choose a reason.") if blocker.level == 'override' else ''
            raise coded_error(blocker.code, f'{blocker.message} {hint}'.strip(), ValidationError)
        known = self.env['aftersales.override'].sudo().search_count([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('gate', '=', blocker.gate),
            ('message', '=', blocker.message), ('reason_id', '=', reason.id),
        ], limit=1)
        # A reading is accepted once, for itself; an identity stays accepted while nothing changes.
        if known and target == 'identity':
            return
        if not self.env.su and not self._can_override(blocker):
            raise coded_error('VEH-11', self.env._(
                "%(message)s You may not accept it; ask the front desk.", message=blocker.message,
            ), ValidationError)
        if reason.note_required and not note:
            raise coded_error('VEH-11', self.env._(
                "The reason “%(reason)s” needs a note.", reason=reason.name), ValidationError)
        self._record_override_sudo(target, [blocker], reason, note)

    @api.model
    def _check_vin_unique(self, vals_list):
        """Refuse a VIN that another active vehicle of the company has, naming that vehicle.

        The unique index holds against two people at once; this is the kind way of saying so.

        :param list[dict] vals_list: vin, company_id, active, and id of the vehicle if it exists.
        :raise ValidationError: VEH-02.
        """
        wanted = [vals for vals in vals_list if vals.get('vin') and vals.get('active', True)]
        if not wanted:
            return
        taken = {
            (vehicle.company_id.id, vehicle.vin): vehicle for vehicle in self.sudo().search_fetch(
                [('vin', 'in', [vals['vin'] for vals in wanted])],
                ['vin', 'company_id', 'license_plate', 'vin_tail', 'partner_name', 'model_id'],
            )
        }
        for vals in wanted:
            other = taken.get((vals.get('company_id') or self.env.company.id, vals['vin']))
            if other and other.id != vals.get('id'):
                raise coded_error('VEH-02', self.env._(
                    "VIN %(vin)s belongs to %(vehicle)s already. Open that vehicle instead of making a second one.",
                    vin=vals['vin'], vehicle=other.display_name,
                ), ValidationError)
