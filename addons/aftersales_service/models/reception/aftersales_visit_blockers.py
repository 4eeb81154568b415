from odoo import models

from ..base.gates import Blocker
from .aftersales_visit import ANSWER_TYPES, CAR_TYPES


class AftersalesVisit(models.Model):
    """The gates of a visit: what the intake (`checked_in`) and the departure (`left`) ask for.

    Each gate answers None when it is off, met or does not apply, so that one line below lists them all.
    """

    _inherit = 'aftersales.visit'

    def _gate_profile(self):
        """The visit's own profile, which the order of the next room sets."""
        self.ensure_one()
        return self.profile_id or self.company_id._aftersales_profile('standard')

    def _blockers(self, target):
        """Targets of this room: checked_in, left."""
        result = super()._blockers(target)
        if target in ('checked_in', 'left'):
            for visit in self:
                found = visit._check_in_blockers() if target == 'checked_in' else visit._leave_blockers()
                result[visit] += [blocker for blocker in found if blocker]
        return result

    def _check_in_blockers(self):
        """Return the reasons why the intake of one car is not complete; rooms extend through `_blockers`."""
        self.ensure_one()
        if self.visit_type not in CAR_TYPES:
            return []
        return [
            self._gate_check_in(),
            self._gate_intake_data(),
            self._gate_odometer(),
            self._gate_gate_card(),
            self._gate_covers(),
            self._gate_photos(),
            self._gate_damage_photo(),
            self._gate_key(),
            self._gate_papers(),
            *self._gate_belongings(),
            self._gate_signature(),
            self._gate_tow_signature(),
        ]

    def _leave_blockers(self):
        """Return the reasons why one visit may not end."""
        self.ensure_one()
        if self.visit_type not in CAR_TYPES:
            return [self._gate_answer(), self._gate_card_returned()]
        return [self._gate_custody_returned(), self._gate_recheck(), self._gate_card_returned()]

    # === CHECKED IN === #

    def _sheets(self):
        """The walk-round sheets of this visit."""
        return self.check_in_ids.filtered(lambda sheet: sheet.kind == 'check_in')

    def _cure_sheet(self):
        """Button to the walk-round sheet, where most reasons are cured."""
        sheet = self._sheets()[:1]
        action = sheet._form_action() if sheet else {
            'type': 'ir.actions.act_window', 'res_model': 'aftersales.check.in', 'view_mode': 'form',
            'views': [(False, 'form')], 'target': 'current', 'context': {'default_visit_id': self.id},
        }
        return {'label': self.env._("Open the check-in"), 'action': action}

    def _cure_visit(self):
        return {'label': self.env._("Open the visit"), 'action': self._form_action()}

    def _gate_check_in(self):
        """R-PROC-21: the walk-round is on record."""
        return not self._sheets() and self._blocker('check_in', 'REC-32', self.env._(
            "Nobody has walked round %(car)s yet.", car=self.display_name), self._cure_sheet())

    def _gate_intake_data(self):
        """R-PROC-24: the minimum data the company asks for."""
        missing = self.company_id._aftersales_missing_intake_data(self)
        return missing and self._blocker('intake_data', 'REC-25', self.env._(
            "Data of %(car)s are missing: %(what)s.", car=self.display_name, what=", ".join(missing)),
            self._cure_visit())

    def _gate_odometer(self):
        """R-PROC-24: mileage read, or known to be unreadable."""
        return not (self.odometer or self.odometer_unreadable) and self._blocker(
            'odometer_recorded', 'REC-26', self.env._(
                "The odometer of %(car)s is not recorded. Type it, or tick that it cannot be read.",
                car=self.display_name), self._cure_visit())

    def _gate_gate_card(self):
        """R-PROC-15, R-DOC-05: the card given at the gate."""
        return not self.gate_card_no and self._blocker('gate_card', 'REC-18', self.env._(
            "No gate card is recorded for %(car)s.", car=self.display_name), self._cure_visit())

    def _gate_covers(self):
        """R-PROC-20: covers on before the check."""
        return not any(sheet.covers_fitted for sheet in self._sheets()) and self._blocker(
            'covers_fitted', 'REC-15', self.env._(
                "Seat, steering-wheel and mat covers are not fitted in %(car)s.", car=self.display_name),
            self._cure_sheet())

    def _gate_photos(self):
        """R-PROC-21: as many photos as the profile asks for."""
        needed, have = self.profile_id.check_in_photo_count, len(self.photo_ids)
        return have < needed and self._blocker('check_in_photos', 'REC-11', self.env._(
            "%(car)s has %(have)s of %(needed)s check-in photos.", car=self.display_name, have=have, needed=needed),
            self._cure_sheet())

    def _gate_damage_photo(self):
        """R-PROC-21: a photo of each damage; never off for a damage the customer blames on us."""
        bare = self.damage_ids.filtered(lambda damage: not damage.photo_ids)
        claimed = bare.filtered('is_claimed')
        if claimed:
            return Blocker('REC-17', self.env._(
                "A claimed damage of %(car)s has no photo: %(what)s. Take it now; this is never off.",
                car=self.display_name, what=", ".join(claimed.mapped('display_name'))),
                'block', None, self._cure_sheet())
        return bare and self._blocker('damage_photo', 'REC-17', self.env._(
            "Damage of %(car)s without photo: %(what)s.", car=self.display_name,
            what=", ".join(bare.mapped('display_name'))), self._cure_sheet())

    def _gate_key(self):
        """R-PROC-23: keys with number, or the reason why there is none."""
        keys = self.custody_ids.filtered(lambda item: item.kind == 'key')
        return not keys and not self.no_key_reason and self._blocker('key_registered', 'REC-16', self.env._(
            "No key of %(car)s is registered. Give it a number, or say why there is none.", car=self.display_name),
            self._cure_visit())

    def _gate_papers(self):
        """R-PROC-25: licence and handbook taken into custody, or known not to be taken."""
        papers = self.custody_ids.filtered(lambda item: item.kind != 'key')
        return not papers and not self.no_papers and self._blocker('custody_documents', 'REC-13', self.env._(
            "Neither licence nor handbook of %(car)s is registered. Take them in, or tick that none was handed over.",
            car=self.display_name), self._cure_visit())

    def _gate_belongings(self):
        """R-PROC-22: counted, boxed, valuables taken along."""
        cure, found = self._cure_sheet(), []
        if not self.belonging_ids and not self.no_belongings:
            found.append(self._blocker('belongings_list', 'REC-12', self.env._(
                "The belongings in %(car)s are not counted. List them, or tick that there are none.",
                car=self.display_name), cure))
        if self.belonging_ids and not self.box_no:
            found.append(self._blocker('belongings_list', 'REC-12', self.env._(
                "The belongings of %(car)s have no box number.", car=self.display_name), cure))
        if not self.valuables_reminded:
            found.append(self._blocker('belongings_list', 'REC-12', self.env._(
                "Ask the customer of %(car)s to take valuables along, and tick it.", car=self.display_name), cure))
        return found

    def _gate_signature(self):
        """R-PROC-22, R-DOC-01: the customer signed the sheet (condition and belongings)."""
        return not any(sheet.signature for sheet in self._sheets()) and self._blocker(
            'check_in_signature', 'REC-21', self.env._(
                "The customer has not signed the check-in of %(car)s.", car=self.display_name), self._cure_sheet())

    def _gate_tow_signature(self):
        """Tow-in: who brought the car signs for it, since no owner is there."""
        return self.visit_type == 'tow_in' and not self.tow_signature and self._blocker(
            'tow_driver_signature', 'REC-22', self.env._(
                "The tow driver has not signed for %(car)s.", car=self.display_name), self._cure_visit())

    # === LEFT === #

    def _gate_custody_returned(self):
        """R-PROC-25: keys and papers are back with the customer."""
        held = self.custody_ids.filtered(lambda item: not item.returned_at)
        return held and self._blocker('custody_returned', 'REC-14', self.env._(
            "Not given back yet for %(car)s: %(what)s.", car=self.display_name,
            what=", ".join(held.mapped('display_name'))), self._cure_visit())

    def _gate_recheck(self):
        """R-PROC-22, R-PROC-78: belongings compared with the signed list."""
        return self.belonging_ids and not self.belongings_rechecked_at and self._blocker(
            'belongings_recheck', 'REC-23', self.env._(
                "The belongings of %(car)s are not checked against the list yet.", car=self.display_name),
            self._cure_visit())

    def _gate_card_returned(self):
        """R-DOC-05: the gate card comes back."""
        return self.gate_card_no and not self.gate_card_returned_at and self._blocker(
            'gate_card', 'REC-18', self.env._(
                "Gate card %(card)s of %(car)s is not returned.", card=self.gate_card_no, car=self.display_name),
            self._cure_visit())

    def _gate_answer(self):
        """R-PROC-18: who only asks is answered, and the answer is kept."""
        return self.visit_type in ANSWER_TYPES and not self.answer and self._blocker(
            'inquiry_answer', 'REC-24', self.env._(
                "What did we answer to %(name)s? Write it down before the visitor leaves.", name=self.display_name),
            self._cure_visit())
