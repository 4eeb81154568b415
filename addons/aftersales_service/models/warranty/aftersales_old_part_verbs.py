import logging

from odoo import fields, models
from odoo.exceptions import AccessError

from ..base.const import MACHINE_MADE
from ..base.errors import coded_error
from .old_part_const import IN_HOUSE, IN_STOCK, STATE_AFTER

_logger = logging.getLogger(__name__)


class AftersalesOldPart(models.Model):
    """What is done with old parts. Every verb checks the role, locks the rows, moves the goods and adds to the history."""

    _inherit = 'aftersales.old.part'

    # === KEEPING === #

    def _store(self, location=None, keeper=None):
        """Put parts on a shelf of the Old-parts place; a stored part is put elsewhere (R-WAR-06).

        :param location: stock.location of the Old-parts place; its root unless given.
        :param keeper: hr.employee who answers for it, the user himself unless given.
        :raise UserError: WAR-62, WAR-63, WAR-66 no place for old parts
        """
        self._ensure_keeper()
        self._ensure_state(IN_HOUSE, self.env._("stored"))
        for warehouse, parts in self.sudo().grouped('warehouse_id').items():
            place = (location or warehouse.aftersales_old_parts_location_id).sudo()
            if place.aftersales_role != 'old_parts' or place.company_id != warehouse.company_id:
                raise coded_error('WAR-66', self.env._(
                    "%(place)s is no shelf for old parts. Scan a place below %(root)s.",
                    place=place.display_name, root=warehouse.aftersales_old_parts_location_id.display_name,
                ))
            person = keeper.sudo() if keeper else parts._acting_keeper_sudo()
            new = parts.filtered(lambda part: part.state == 'tagged')
            for kind, group in (('store', new), ('move', parts - new)):
                group = group.filtered(lambda part, place=place: part.location_id != place)
                if not group:
                    continue
                moves = group._move_goods_sudo(place)
                group._guarded().write({'keeper_id': person.id} if person else {})
                if kind == 'store':
                    group._guarded().write({'stored_at': fields.Datetime.now()})
                group._post_sudo(kind, dest=place, employee=person, stock_moves=moves)
        return True

    def _extend_hold(self, day, note):
        """Keep parts until another day, with a word why.

        :raise UserError: WAR-62, WAR-63, WAR-67 no day or no reason
        """
        self._ensure_keeper()
        self._ensure_state(IN_HOUSE, self.env._("kept longer"))
        if not day or not (note or '').strip():
            raise coded_error('WAR-67', self.env._("Enter the day and why."))
        parts = self.sudo()
        parts._guarded().write({'hold_until': day})
        parts._post_sudo('hold', note=f'{fields.Date.to_string(day)} · {note.strip()}')
        return True

    def _void(self, reason):
        """Take a tag back that was a mistake: wrong line, wrong quantity.

        :raise UserError: WAR-62, WAR-63, WAR-67 no reason
        """
        self._ensure_keeper()
        self._ensure_state(IN_HOUSE, self.env._("voided"))
        if not (reason or '').strip():
            raise coded_error('WAR-67', self.env._("Say why the tag is void."))
        parts = self.sudo()
        moves = parts._in_stock()._move_goods_sudo('car')
        parts._guarded().write({'shipment_id': False, 'box_id': False})
        parts._post_sudo('void', note=reason.strip(), stock_moves=moves)
        return True

    # === CALLED BACK === #

    def _call(self, reference, return_before=None):
        """Mark parts the owner wants back, from his call list (Siebel: only listed parts go back).

        :param str reference: number of the list.
        :param date return_before: the last day to send them.
        :raise UserError: WAR-62, WAR-63, WAR-67 no reference, WAR-65 not the manufacturer's or the insurer's
        """
        self._ensure_keeper()
        self._ensure_state(IN_HOUSE, self.env._("called back"))
        if not (reference or '').strip():
            raise coded_error('WAR-67', self.env._("Enter the number of the call list."))
        parts = self.sudo()
        parts._ensure_returnable()
        parts._guarded().write({
            'called_at': fields.Datetime.now(), 'call_ref': reference.strip(), 'return_before': return_before,
        })
        # What is still at the car is remembered as called; it becomes “to return” when it is stored.
        parts._in_stock()._post_sudo('call', note=reference.strip())
        return True

    def _uncall(self, reason):
        """Take a call back.

        :raise UserError: WAR-62, WAR-63, WAR-67 no reason
        """
        self._ensure_keeper()
        self._ensure_state(('to_return',), self.env._("taken off the call list"))
        if not (reason or '').strip():
            raise coded_error('WAR-67', self.env._("Say why."))
        parts = self.sudo()
        parts._guarded().write({
            'called_at': False, 'call_ref': False, 'return_before': False, 'shipment_id': False, 'box_id': False,
        })
        parts._post_sudo('uncall', note=reason.strip())
        return True

    def _ensure_returnable(self):
        """:raise UserError: WAR-65"""
        for part in self:
            if part.owner_kind not in ('manufacturer', 'insurer'):
                raise coded_error('WAR-65', self.env._(
                    "%(tag)s belongs to %(owner)s: nobody else has a claim to it.",
                    tag=part.name, owner=part.owner_id.display_name,
                ))

    # === ENDS === #

    def _hand_to_customer(self, name, signature=None, note=None):
        """Give the customer his own old part, against his signature (R-WAR-09).

        :param str name: who takes it.
        :param bytes signature: base64.
        :raise UserError: WAR-62 role, WAR-63, WAR-64 not the customer's, WAR-67 no name or no signature
        """
        self._ensure_hander()
        self._ensure_state(IN_HOUSE, self.env._("handed over"))
        parts = self.sudo()
        for part in parts:
            if part.owner_kind != 'customer':
                raise coded_error('WAR-64', self.env._(
                    "%(tag)s belongs to %(owner)s and cannot be handed to the customer. Explain that it is kept for its owner.",
                    tag=part.name, owner=part.owner_id.display_name,
                ))
        if not (name or '').strip() or not signature:
            raise coded_error('WAR-67', self.env._("Enter who takes the old part and let him sign."))
        moves = parts._in_stock()._move_goods_sudo('car')
        parts._guarded().write({
            'handed_to': name.strip(), 'handed_signature': signature, 'handed_at': fields.Datetime.now(),
        })
        parts._post_sudo('hand', note=' · '.join(filter(None, (name.strip(), note))), stock_moves=moves)
        return True

    def _ensure_hander(self):
        """The keepers, and the advisor who hands the car over, whose orders these are.

        :raise UserError: WAR-62
        """
        if not self.env.su and self.env.user.has_group('aftersales_service.group_advisor'):
            self.order_id.check_access('write')
            return
        self._ensure_keeper()

    def _scrap(self, reason, witness=None):
        """Destroy or dispose of parts, in front of a witness (gate); not before the end of the hold (gate).

        What the shop gets for the scrap is Odoo's own sale.

        :param str reason: how and why.
        :param witness: hr.employee, another person than the user.
        :raise UserError: WAR-62, WAR-63, WAR-67 no reason, WAR-68 no witness, WAR-69 still on hold
        """
        self._ensure_keeper()
        self._ensure_state(IN_HOUSE, self.env._("scrapped"))
        if not (reason or '').strip():
            raise coded_error('WAR-67', self.env._("Say how and why the part is scrapped."))
        witness = witness or self.env['hr.employee']
        self.with_context(aftersales_witness_id=witness.id)._ensure_no_blockers('scrapped')
        parts = self.sudo()
        moves = parts._in_stock()._move_goods_sudo('scrap')
        parts._guarded().write({
            'scrap_reason': reason.strip(), 'witness_id': witness.id, 'scrapped_at': fields.Datetime.now(),
            'shipment_id': False, 'box_id': False,
        })
        parts._post_sudo('scrap', note=reason.strip(), employee=witness.sudo(), stock_moves=moves)
        return True

    def _blockers(self, target):
        found = super()._blockers(target)
        if target != 'scrapped':
            return found
        witness = self.env['hr.employee'].sudo().browse(self.env.context.get('aftersales_witness_id') or ())
        for part in self:
            today = part.company_id._aftersales_today()
            if part.state == 'to_return' or (part.hold_until and part.hold_until >= today):
                found[part].append(part._blocker('old_part_hold', 'WAR-69', self.env._(
                    "%(tag)s is kept for %(owner)s until %(day)s.",
                    tag=part.name, owner=part.owner_id.display_name, day=part.return_before or part.hold_until or '…',
                )))
            if not witness or witness.user_id == self.env.user:
                found[part].append(part._blocker('old_part_witness', 'WAR-68', self.env._(
                    "%(tag)s is scrapped in front of a witness: name another person than yourself.", tag=part.name,
                )))
        return found

    # === COUNTS === #

    def _miss_sudo(self, count):
        """Take parts off the books that a count did not find; sudo: the count was approved."""
        parts = self.sudo()
        moves = parts._move_goods_sudo('loss')
        parts._guarded().write({'shipment_id': False, 'box_id': False})
        parts._post_sudo('miss', count=count, stock_moves=moves)
        return moves

    def _find_sudo(self, location, count=None, note=None):
        """Put parts back on the books that were found again."""
        parts = self.sudo()
        moves = parts._move_goods_sudo(location)
        parts._post_sudo('find', dest=location, count=count, note=note, stock_moves=moves)
        return moves

    def _found_again(self, location=None, note=None):
        """Store a part again that was missing.

        :raise UserError: WAR-62, WAR-63
        """
        self._ensure_keeper()
        self._ensure_state(('missing',), self.env._("found"))
        for part in self.sudo():
            part._find_sudo((location or part.warehouse_id.aftersales_old_parts_location_id).sudo(), note=note)
        return True

    # === OWNER === #

    def _follow_payer_sudo(self):
        """Give parts to whoever pays their job now: a refused claim makes a part the customer's.

        sudo: the change of payer was checked where it was made. Parts that have left stay as they are.
        """
        for part in self.sudo().filtered(lambda part: part.state in IN_HOUSE):
            kind, owner = part.line_id._old_part_owner()
            if (kind, owner) == (part.owner_kind, part.owner_id):
                continue
            place, moves = part.location_id, self.env['stock.move']
            if part.state in IN_STOCK:
                part._move_goods_sudo('car')
            note = f'{part.owner_id.display_name} → {owner.display_name}'
            part._guarded().write({
                'owner_kind': kind, 'owner_id': owner.id, 'shipment_id': False, 'box_id': False, 'called_at': False,
                'call_ref': False, 'return_before': False, 'hold_until': part.line_id._old_part_hold_until(kind),
            })
            if part.state in IN_STOCK:
                moves = part._move_goods_sudo(place, source='car')
                if part.state == 'to_return':
                    part._post_sudo('uncall', note=note)
            part._post_sudo('owner', note=note, stock_moves=moves)

    # === HISTORY === #

    def _post_sudo(self, kind, dest=None, stock_moves=None, **facts):
        """Add an entry to the history of each part and bring its state up to date; every verb ends here.

        :param str kind: of KINDS.
        :param dest: stock.location the parts lie in from now on; those in stock keep theirs unless they leave.
        :param stock_moves: `{part: stock.move}`, Odoo's moves of the goods.
        :param facts: employee, shipment, count (records), note.
        """
        if not self:
            return
        now = fields.Datetime.now()
        after = STATE_AFTER.get(kind)
        vals_list = []
        for part in self:
            state = after or part.state
            if kind in ('store', 'find') and part.called_at:
                state = 'to_return'
            stays = state in IN_STOCK
            vals_list.append({
                'old_part_id': part.id,
                'company_id': part.company_id.id,
                'kind': kind,
                'state': state,
                'at': now,
                'user_id': self.env.uid,
                'location_id': part.location_id.id,
                'location_dest_id': dest.id if dest else part.location_id.id if stays else False,
                'stock_move_id': stock_moves.get(part, self.env['stock.move']).id if stock_moves else False,
                'note': facts.get('note') or False,
                **({'box_number': part.box_id.number, 'value': part.ship_value} if kind == 'ship' else {}),
                **{f'{name}_id': facts[name].id for name in ('employee', 'shipment', 'count') if facts.get(name)},
            })
        self.env['aftersales.old.part.move'].sudo()._guarded().create(vals_list)
        groups = {}
        for part, vals in zip(self, vals_list, strict=True):
            place = vals['location_dest_id'] if vals['state'] in IN_STOCK else False
            groups.setdefault((vals['state'], place), []).append(part.id)
        for (state, place), ids in groups.items():
            self.browse(ids)._guarded().with_context(**MACHINE_MADE).write({'state': state, 'location_id': place})
        _logger.info("old parts: %s, %d parts", kind, len(self))

    def _attach_photos(self, photos):
        """Keep photos with the part.

        :param list[str] photos: base64 images.
        :raise AccessError: the user may not read the part
        """
        self.ensure_one()
        self.check_access('read')
        if not self.env.su and not self.env.user.has_groups(
            'aftersales_service.group_technician,aftersales_service.group_parts_keeper,aftersales_service.group_warranty_clerk'
        ):
            raise AccessError(self.env._("Photos of old parts are taken by who handles them."))
        # sudo: the technician has no right to write on the part; the photo only joins it.
        self.env['ir.attachment'].sudo().create([
            {'name': f'{self.name}-{number}.jpg', 'datas': photo, 'res_model': self._name, 'res_id': self.id}
            for number, photo in enumerate(photos, self.photo_count + 1)
        ])
        self.invalidate_recordset(['photo_ids', 'photo_count'])
        return True

    def _come_back(self, location=None):
        """Store a rejected part again that the recipient sent back; the charge, if any, is taken back with it.

        :raise UserError: WAR-62, WAR-63, WAR-78 it is charged to us and stays there
        """
        self._ensure_keeper()
        self._ensure_state(('rejected',), self.env._("taken back"))
        for part in self.sudo():
            if part.rejected_means != 'back':
                raise coded_error('WAR-78', self.env._(
                    "%(tag)s was charged to us and stays with %(owner)s.", tag=part.name, owner=part.owner_id.display_name))
            place = (location or part.warehouse_id.aftersales_old_parts_location_id).sudo()
            moves = part._move_goods_sudo(place)
            part._guarded().write({
                'called_at': False, 'call_ref': False, 'return_before': False, 'hold_until': part.line_id._old_part_hold_until(part.owner_kind),
            })
            part._post_sudo('come_back', dest=place, note=part.answer_note, stock_moves=moves)
        return True

    def _hand_with_car_sudo(self, user):
        """Hand the customer's parts over with his car: the gate pass stands for the signature.

        sudo: the tick on the hand-out list was checked; whose parts they are was checked by the caller.
        """
        parts = self.with_user(user).sudo()
        parts._ensure_state(IN_HOUSE, self.env._("handed over"))
        for order, mine in parts.grouped('order_id').items():
            moves = mine._in_stock()._move_goods_sudo('car')
            name = order.contact_name or order.partner_id.name
            mine._guarded().write({'handed_to': name, 'handed_at': fields.Datetime.now()})
            mine._post_sudo('hand', note=self.env._("With the car: %(name)s", name=name), stock_moves=moves)
