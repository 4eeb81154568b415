from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import odometer as odometer_rules
from ..base.errors import coded_error
from ..base.gates import BLOCKING


class AftersalesVehicle(models.Model):
    """How readings of the odometer are recorded."""

    _inherit = 'aftersales.vehicle'

    # === BUSINESS METHODS: ODOMETER === #

    def _record_odometer(self, value, source_record=None, unreadable=False, reason=None, note=None, replaced=False):
        """Record a reading of the odometer (R-PROC-24).

        No rights are asked for here: the document whose verb calls this has been checked.

        :param int value: kilometres; ignored when `unreadable`.
        :param source_record: document on which it was read, kept as a link.
        :param bool unreadable: the display could not be read; the last reading stays.
        :param reason: aftersales.reason of kind `odometer` for a reading below the last one, or a jump.
        :param bool replaced: first reading of a new instrument; may be lower, needs no further reason.
        :return: the reading.
        :rtype: recordset of aftersales.vehicle.odometer
        :raise ValidationError: VEH-03 lower, VEH-04 absurd, VEH-10 jump, VEH-11 wrong reason or no right.
        """
        self.ensure_one()
        reason = reason or self.env['aftersales.reason']
        if reason and reason.kind != 'odometer':
            raise coded_error('VEH-11', self.env._(
                "“%(reason)s” is no reason for an odometer correction.", reason=reason.name), ValidationError)
        if not unreadable:
            self._check_odometer(value, reason, note, replaced)
        return self.env['aftersales.vehicle.odometer'].sudo()._guarded().create({
            'vehicle_id': self.id,
            'value': 0 if unreadable else int(value),
            'is_unreadable': unreadable,
            'is_replacement': replaced,
            'date': fields.Datetime.now(),
            'reason_id': reason.id,
            'note': note,
            'user_id': self.env.uid,
            'res_model': source_record._name if source_record else False,
            'res_id': source_record.id if source_record else False,
            'source': source_record.display_name if source_record else False,
        }).sudo(self.env.su)

    def _check_odometer(self, value, reason, note, replaced):
        """Refuse or note down a reading that cannot be, as the company's gates say."""
        last = self.env['aftersales.vehicle.odometer'] if replaced else self._last_reading()
        found = odometer_rules.problems(
            int(value), last.value if last else None,
            days=(fields.Datetime.now() - last.date).days if last else None,
            most_per_day=self.company_id.sudo().aftersales_odometer_daily_max,
        )
        if not found:
            return
        values = {'vehicle': self.display_name, 'value': value, 'last': last.value}
        if found[0] in ('negative', 'too_high'):
            raise coded_error('VEH-04', self.env._(
                "%(value)s km is no odometer reading (%(vehicle)s). Type what the instrument shows.", **values,
            ), ValidationError)
        if found[0] == 'lower':
            blocker = self._blocker('odometer_lower', 'VEH-03', self.env._(
                "%(value)s km is below the last reading of %(last)s km (%(vehicle)s). "
                "Read the instrument again; an instrument that was replaced is recorded as new.", **values,
            ))
        else:
            blocker = self._blocker('odometer_jump', 'VEH-10', self.env._(
                "%(value)s km is very far above the last reading of %(last)s km (%(vehicle)s). "
                "Read the instrument again.", **values,
            ))
        if blocker and blocker.level in BLOCKING:
            self._pass_blocker(blocker, 'odometer', reason, note)
        elif blocker:
            self._message_log(body=blocker.message)

    def _readings(self):
        """Return the readings, newest first (the cache of a one2many appends new rows at its end)."""
        self.ensure_one()
        return self.odometer_ids.sorted(lambda reading: (reading.date, reading._origin.id or 0), reverse=True)

    def _last_reading(self):
        """Return the last readable reading of the present instrument, empty if it has none yet."""
        for reading in self._readings():
            if not reading.is_unreadable:
                return reading
            if reading.is_replacement:
                break
        return self.env['aftersales.vehicle.odometer']

    @api.model
    def _driven_per_day(self, readings):
        """Return the kilometres a day over the last two years, from readings in time order; 0.0 if unknown."""
        if len(readings) < 2:
            return 0.0
        last = readings[-1]
        since = last.date - relativedelta(years=2)
        span = readings.browse()
        for reading in readings[::-1]:
            if reading.date < since and len(span) > 1:
                break
            span = reading | span
            if reading.is_replacement:
                break
        days = (last.date - span[0].date).total_seconds() / 86400
        # Two readings on one day tell nothing about a year; a correction downwards neither.
        return max(0.0, (last.value - span[0].value) / days) if days >= 7 else 0.0
