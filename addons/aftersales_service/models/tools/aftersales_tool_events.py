import base64

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..base.errors import coded_error
from .const import HELD, OUTSIDE, Spot

ELSEWHERE = (*HELD, 'calibration', 'repair')


class AftersalesTool(models.Model):
    """Verbs beside the counter: calibration, damage, loss, found again, disposal, count correction."""

    _inherit = 'aftersales.tool'

    # === CALIBRATION === #

    def _send_calibration(self, note='', quantity=None, keeper=None):
        """Send tools to calibration.

        :param str note: to whom, with which paper.
        :return: aftersales.tool.move.
        """
        return self._from_store('calibration_out', 'calibration', quantity, note=note, keeper=keeper)

    def _receive_calibration(self, due=None, certificate=None, note='', keeper=None):
        """Take tools back from calibration; they may be lent again until the new date.

        :param date due: calibrated until; the category's months from today unless given.
        :param certificate: (file name, contents in bytes or base64), kept on the tool.
        :return: aftersales.tool.move.
        :raise UserError: TOO-36 not in calibration; TOO-37 no date, or one that is over.
        """
        self._ensure_keeper()
        self._lock()
        vals_list = []
        for tool in self:
            moves = tool._open_moves(('calibration',))
            if not moves:
                raise coded_error('TOO-36', self.env._("%(tool)s is not in calibration.", tool=tool.display_name))
            today = tool.company_id._aftersales_today()
            months = tool.category_id.calibration_months
            until = fields.Date.to_date(due) or (today + relativedelta(months=months) if months else False)
            if not until or until <= today:
                raise coded_error('TOO-37', self.env._(
                    "%(tool)s: say until when the calibration is valid, a day to come.", tool=tool.display_name,
                ))
            vals_list += tool._split(
                'calibration_in', sum(moves.mapped('open_qty')), moves, tool._home(), calibration_due=until,
                condition='good', note=note, keeper=keeper,
            )
            tool.sudo()._guarded().write({'calibration_due': until})
        moves = self._post_moves(vals_list)
        if certificate:
            self._keep_certificate_sudo(*certificate)
        return moves.sudo(False)

    def _keep_certificate_sudo(self, name, content):
        """Attach the certificate; sudo: the keeper's right to the step was checked."""
        if isinstance(content, bytes):
            content = base64.b64encode(content)
        for tool in self.sudo():
            attachment = self.env['ir.attachment'].sudo().create({
                'name': name, 'datas': content, 'res_model': tool._name, 'res_id': tool.id,
            })
            tool.message_post(body=self.env._("Calibration certificate"), attachment_ids=attachment.ids)

    # === DAMAGE, LOSS === #

    def _keep_photos_sudo(self, pictures):
        """Keep pictures of the tool's condition; sudo: the keeper's right to the step was checked.

        :param list pictures: base64, with or without the header of a data URL.
        :return: ir.attachment
        """
        self.ensure_one()
        return self.env['ir.attachment'].sudo().create([{
            'name': self.env._("%(tool)s, photo %(number)s", tool=self.code, number=number),
            'datas': picture.split(',', 1)[-1] if isinstance(picture, str) else picture,
            'res_model': self._name, 'res_id': self.id,
        } for number, picture in enumerate(pictures, start=1)])

    def _record_damage(self, note, quantity=None, photos=None, keeper=None, employee=None):
        """Record damage: the pieces go to repair, from the shelf or from whoever has them.

        :param str note: what is broken.
        :return: aftersales.tool.move.
        """
        return self._from_anywhere('damage', 'repair', quantity, note, photos, keeper, employee, condition='damaged')

    def _record_loss(self, note, quantity=None, photos=None, keeper=None, employee=None):
        """Record that pieces are lost; they stay on the books until they are disposed of or found again.

        :return: aftersales.tool.move; their source tells who had them.
        """
        return self._from_anywhere('loss', 'lost', quantity, note, photos, keeper, employee)

    def _record_found(self, note='', quantity=None, condition='good', keeper=None):
        """Put found pieces back into the tool room.

        :return: aftersales.tool.move.
        :raise UserError: TOO-38 nothing of it is lost.
        """
        self._ensure_keeper()
        self._lock()
        vals_list = []
        for tool in self:
            moves = tool._open_moves(('lost',))
            if not moves:
                raise coded_error('TOO-38', self.env._("%(tool)s is not lost.", tool=tool.display_name))
            vals_list += tool._split(
                'found', quantity or sum(moves.mapped('open_qty')), moves, tool._home(), condition=condition,
                note=note, keeper=keeper,
            )
        return self._post_moves(vals_list).sudo(False)

    # === END, CORRECTION === #

    def _dispose(self, reason, quantity=None, keeper=None):
        """Take pieces off the books: worn out, sold, lost for good. Out of repair and loss first, else off the shelf.

        :param str reason: why.
        :return: aftersales.tool.move.
        :raise UserError: TOO-39 no reason; TOO-40 it is out or in calibration.
        """
        if not (reason or '').strip():
            raise coded_error('TOO-39', self.env._("Say why it is disposed of."))
        self._ensure_keeper()
        self._lock()
        vals_list = []
        for tool in self:
            moves = tool._open_moves(('lost', 'repair'))
            gone = sum(moves.mapped('open_qty'))
            wanted = quantity or gone or tool.available_qty
            if not 1 <= wanted <= gone + tool.available_qty:
                raise coded_error('TOO-40', self.env._(
                    "%(tool)s: only what lies in the tool room, in repair, or is lost, can be disposed of.",
                    tool=tool.display_name,
                ))
            if first := min(wanted, gone):
                vals_list += tool._split('disposal', first, moves, OUTSIDE, note=reason, keeper=keeper)
            if wanted > gone:
                vals_list.append(tool._prepare_move_vals(
                    'disposal', wanted - gone, tool._home(), OUTSIDE, note=reason, keeper=keeper,
                ))
        return self._post_moves(vals_list).sudo(False)

    def _correct(self, difference, reason, keeper=None):
        """Bring the books of one tool to what was counted in the tool room.

        The caller (a count session) has approved the difference.

        :param int difference: counted less booked, not 0.
        :param str reason: why.
        :return: aftersales.tool.move.
        :raise UserError: TOO-28 no reason, TOO-41 nothing to correct, or more than is there.
        """
        self.ensure_one()
        self._ensure_keeper()
        self._lock()
        if not (reason or '').strip():
            raise coded_error('TOO-28', self.env._("Say why the entry is wrong."))
        single = self.tracking == 'serial' and (self.quantity + difference not in (0, 1))
        if not difference or self.available_qty + difference < 0 or single:
            raise coded_error('TOO-41', self.env._(
                "%(tool)s: %(there)s in the tool room by the books; a difference of %(difference)s cannot be.",
                tool=self.display_name, there=self.available_qty, difference=difference,
            ))
        spots = (OUTSIDE, self._home()) if difference > 0 else (self._home(), OUTSIDE)
        return self._post_moves([
            self._prepare_move_vals('correction', abs(difference), *spots, note=reason, keeper=keeper),
        ]).sudo(False)

    # === HELPERS === #

    def _from_store(self, kind, place, quantity, **facts):
        """Post entries from the tool room to a place without a holder."""
        self._ensure_keeper()
        self._lock()
        vals_list = []
        for tool in self:
            pieces = quantity or tool.available_qty
            if not tool.available_qty:
                raise coded_error('TOO-04', tool._where_message())
            if not 1 <= pieces <= tool.available_qty:
                raise tool._too_many(pieces)
            vals_list.append(tool._prepare_move_vals(
                kind, pieces, tool._home(), Spot(place, tool.keeper_id.id), **facts,
            ))
        return self._post_moves(vals_list).sudo(False)

    def _from_anywhere(self, kind, place, quantity, note, photos, keeper, employee, condition=False):
        """Post entries to a place without a holder: out of the hands of who has it, else off the shelf."""
        self._ensure_keeper()
        self._lock()
        vals_list = []
        for tool in self:
            facts = {'note': note, 'photos': photos, 'keeper': keeper, 'condition': condition}
            dest = Spot(place, tool.keeper_id.id)
            moves = tool._open_moves(ELSEWHERE, employee).filtered(
                lambda move, place=place: move.dest_place != place)
            if moves and not employee and len({move._dest() for move in moves}) > 1:
                raise coded_error('TOO-32', self.env._(
                    "%(tool)s is with several people (%(names)s): scan the badge of who brings it.",
                    tool=tool.display_name, names=", ".join(dict.fromkeys(move.holder or '' for move in moves)),
                ))
            if moves:
                pieces = quantity or (sum(moves.mapped('open_qty')) if tool.tracking == 'serial' else 1)
                vals_list += tool._split(kind, pieces, moves, dest, **facts)
            else:
                pieces = quantity or 1
                if not tool.available_qty:
                    raise coded_error('TOO-04', tool._where_message())
                if not 1 <= pieces <= tool.available_qty:
                    raise tool._too_many(pieces)
                vals_list.append(tool._prepare_move_vals(kind, pieces, tool._home(), dest, **facts))
        return self._post_moves(vals_list).sudo(False)

    @api.model
    def _close_reminders_sudo(self, loans):
        """Take the reminders of loans that came back off the lists; sudo: they belong to the borrower."""
        reminded = loans.filtered(lambda loan: loan.notified_at and not loan.open_qty)
        if reminded:
            reminded.sudo().tool_id.activity_unlink(['aftersales_service.mail_activity_type_tool_return'])
