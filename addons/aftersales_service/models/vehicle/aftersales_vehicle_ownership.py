from odoo import api, fields, models
from odoo.tools import SQL

from ..base.errors import coded_error


class AftersalesVehicle(models.Model):
    """How a vehicle changes hands; every owner is remembered."""

    _inherit = 'aftersales.vehicle'

    # === BUSINESS METHODS: OWNERS === #

    def _change_owner(self, partner, date=None, note=None, correction=False, shares_history=False):
        """Record that these vehicles belong to somebody else; earlier owners stay in the history.

        :param partner: res.partner, may be empty (sold, buyer unknown).
        :param date: first day of the new owner, today unless given.
        :param bool correction: the owner recorded now was a mistake and is replaced in the history.
        :param bool shares_history: the new owner may see what was done before.
        :raise UserError: VEH-08 same owner, a day in the future or before the present owner's first day.
        """
        self.check_access('write')
        for vehicle in self:
            today = vehicle.company_id._aftersales_today()
            day = fields.Date.to_date(date) or today
            current = vehicle.sudo().owner_ids.filtered(lambda row: not row.date_to)
            if partner == vehicle.partner_id:
                raise coded_error('VEH-08', self.env._(
                    "%(partner)s owns %(vehicle)s already.",
                    partner=partner.name or self.env._("Nobody"), vehicle=vehicle.display_name,
                ))
            if day > today or not correction and current and day < current.date_from:
                raise coded_error('VEH-08', self.env._(
                    "%(vehicle)s cannot change hands on %(date)s: that is in the future, or before its present owner "
                    "(%(partner)s) bought it.",
                    vehicle=vehicle.display_name, date=fields.Date.to_string(day), partner=vehicle.partner_name or '–',
                ))
            vehicle._guarded().write({'partner_id': partner.id})
            if correction and current and partner:
                current._guarded().write({'partner_id': partner.id, 'note': note or current.note})
                continue
            vehicle._close_ownership_sudo(day)
            vehicle._open_ownership_sudo(day, note, shares_history)

    def _close_ownership_sudo(self, day=None):
        """End the present ownerships; sudo: the right to the vehicle was checked, the history is the system's."""
        rows = self.sudo().owner_ids.filtered(lambda row: not row.date_to)
        for row in rows:
            until = day or row.company_id._aftersales_today()
            row._guarded().write({'date_to': max(until, row.date_from)})
        # The next owner's row is inserted at once; the database must know by then that this one has ended.
        rows.flush_recordset(['date_to'])

    def _open_ownership_sudo(self, day=None, note=None, shares_history=False):
        """Begin the ownerships of the present owners; sudo as in `_close_ownership_sudo`."""
        self.env['aftersales.vehicle.owner'].sudo()._guarded().create([{
            'vehicle_id': vehicle.id,
            'partner_id': vehicle.partner_id.id,
            'date_from': day or vehicle.company_id._aftersales_today(),
            'note': note,
            'user_id': self.env.uid,
            'shares_history': shares_history,
        } for vehicle in self if vehicle.partner_id])

    @api.model
    def _owner_mismatch_sql(self, company):
        """Return the query of vehicles whose owner is not the open row of their history: id and name."""
        return SQL(
            "SELECT v.id, COALESCE(v.license_plate, v.vin) AS name FROM aftersales_vehicle v "
            "LEFT JOIN aftersales_vehicle_owner o ON o.vehicle_id = v.id AND o.date_to IS NULL "
            "WHERE v.company_id = %s AND v.partner_id IS DISTINCT FROM o.partner_id", company.id,
        )
