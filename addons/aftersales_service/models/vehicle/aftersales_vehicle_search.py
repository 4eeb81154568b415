from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import plate as plate_rules
from ...rules.text import letters_and_digits


class AftersalesVehicle(models.Model):
    """One box that finds a vehicle by anything people say at the counter."""

    _inherit = 'aftersales.vehicle'

    # === SEARCH METHODS === #

    @api.model
    def _search_display_name(self, operator, value):
        """Find vehicles by anything people say at the counter: plate, VIN tail, phone, name of owner."""
        if operator in ('ilike', 'not ilike') and isinstance(value, str) and value.strip():
            found = Domain('id', 'in', self._matching_sudo(value))
            return ~found if operator == 'not ilike' else found
        if operator in ('in', 'not in'):
            values = [text for text in value if isinstance(text, str)]
            plates = [letters_and_digits(text) for text in values]
            # A name as it is displayed begins with the plate or the tail of the VIN.
            plates += [letters_and_digits(text.split(' · ')[0]) for text in values if ' · ' in text]
            found = (
                Domain('license_plate', 'in', plates) | Domain('vin', 'in', plates) | Domain('vin_tail', 'in', plates)
            )
            return ~found if operator == 'not in' else found
        if operator in ('like', 'ilike') and not value:
            return Domain.TRUE
        return Domain('license_plate', operator, value)

    @api.model
    @api.readonly
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        if operator != 'ilike' or not letters_and_digits(name):
            return super().name_search(name, domain, operator, limit)
        vehicles = self._search_ranked(name, domain, limit)
        return [(vehicle.id, vehicle.display_name) for vehicle in vehicles.sudo()]

    @api.model
    @api.readonly
    def search_quick(self, term, limit=8):
        """Return the vehicles that a counter's search box finds, best first: exact plate, VIN tail, phone, name.

        At most four queries, whatever is found.

        :param str term: a plate in any spelling, the end of a VIN, part of a phone number or of a name.
        :param int limit: most results.
        :return: dictionaries with id, display_name, plate, plate_text, plate_kind, vin, vin_tail, partner_id,
            partner_name, phone (masked for people who do not call), model, color, odometer, match.
        :rtype: list[dict]
        """
        vehicles = self._search_ranked(term, limit=min(int(limit), 80))
        kind = self._term_kind(term)
        return [{
            'id': vehicle.id,
            'display_name': vehicle.display_name,
            'plate': vehicle.license_plate or '',
            'plate_text': plate_rules.pretty(vehicle.license_plate),
            'plate_kind': vehicle.plate_kind,
            'vin': vehicle.vin or '',
            'vin_tail': vehicle.vin_tail or '',
            'partner_id': vehicle.partner_id.id,
            'partner_name': vehicle.partner_name or '',
            'phone': vehicle.phone_shown or '',
            'model': vehicle.model_id.name or '',
            'color': vehicle.color or '',
            'odometer': vehicle.odometer,
            'match': kind(vehicle),
        } for vehicle in vehicles]

    @api.model
    def _search_ranked(self, term, domain=None, limit=8):
        """Return the vehicles that match a term, best first, within the user's rules.

        :param str term: what was typed.
        :param domain: further restriction.
        :rtype: recordset of aftersales.vehicle
        """
        text = letters_and_digits(term)
        if not text:
            return self.browse()
        self.flush_model(['license_plate', 'vin', 'vin_tail', 'phone_digits', 'partner_name'])
        query = self._search(Domain('id', 'in', self._matching_sudo(term)) & Domain(domain or Domain.TRUE))
        if query.is_empty():
            return self.browse()
        # Which of these is true first decides; ties go to the vehicle touched last.
        query.order = SQL(
            "CASE WHEN %(t)s.license_plate = %(x)s THEN 0 WHEN %(t)s.vin = %(x)s THEN 1"
            " WHEN %(t)s.vin_tail = %(x)s THEN 2 WHEN %(t)s.license_plate LIKE %(end)s THEN 3"
            " WHEN %(t)s.license_plate LIKE %(begin)s THEN 4"
            " WHEN %(t)s.phone_digits LIKE %(end)s THEN 5 WHEN %(t)s.vin LIKE %(end)s THEN 6"
            " WHEN %(t)s.partner_name = %(name)s THEN 7 ELSE 8 END, %(t)s.write_date DESC, %(t)s.id DESC",
            t=SQL.identifier(self._table), x=text, begin=text + '%', end='%' + text, name=term.strip(),
        )
        query.limit = limit
        return self._fetch_query(query, self._determine_fields_to_fetch(None))

    @api.model
    def _matching_sudo(self, term):
        """Return the query of what matches a term; sudo: phones are compared, not shown, and rules come on top.

        :rtype: odoo.tools.Query
        """
        text = letters_and_digits(term)
        if plate_rules.parse(text).province:
            return self.sudo()._search(Domain('license_plate', '=', text))
        # Plates, VINs and phones are stored in one spelling; comparing it as it is, is several times cheaper.
        name = term.strip()
        found = Domain('partner_name', 'like' if name.lower() == name.upper() else 'ilike', name)
        if text:
            found |= Domain('license_plate', 'like', text) | Domain('vin', 'like', text)
            digits = ''.join(filter(str.isdigit, text))
            # With other signs than a phone's between them, digits are part of a plate or VIN.
            if len(digits) >= 4 and len(digits) == len(text):
                found |= Domain('phone_digits', 'like', digits)
            if len(text) >= 5:
                found |= Domain('engine_no', '=', text)
        return self.sudo()._search(found)

    @api.model
    def _term_kind(self, term):
        """Return a function that tells by what a vehicle was found: plate, vin, phone, name or engine."""
        text, name = letters_and_digits(term), (term or '').strip().lower()

        def kind(vehicle):
            if text in (vehicle.license_plate or ''):
                return 'plate'
            if text in (vehicle.vin or ''):
                return 'vin'
            if name in (vehicle.partner_name or '').lower():
                return 'name'
            # Not compared: whole numbers are not read for people who see masked ones.
            return 'phone' if text.isdigit() and text not in (vehicle.engine_no or '') else 'engine'

        return kind
