from odoo import api, fields, models

from ..base.const import MACHINE_MADE
from ..base.errors import coded_error
from .old_part_const import KEEPER_GROUPS

TAGGER_GROUPS = f'aftersales_service.group_technician,{KEEPER_GROUPS}'
OWNER_OF_PAYER = {'warranty': 'manufacturer', 'insurance': 'insurer'}


class AftersalesRepairLine(models.Model):
    """The old part that each new one replaces: whose it is, its tag, or why there is none."""

    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset({
        'old_part_exempt_reason_id', 'old_part_exempt_note', 'old_part_exempt_by_id', 'old_part_exempt_at',
    })

    old_part_disposition = fields.Selection(selection_add=[('insurer', "Return to Insurer")])
    old_part_ids = fields.One2many('aftersales.old.part', 'line_id', "Old Parts")
    old_part_qty = fields.Float("Tagged", digits='Product Unit', compute='_compute_old_part_qty', compute_sudo=True)
    old_part_stored_qty = fields.Float("Kept or Gone on", digits='Product Unit', compute='_compute_old_part_qty', compute_sudo=True)
    old_part_exempt_reason_id = fields.Many2one(
        'aftersales.reason', "No Old Part", readonly=True, copy=False, ondelete='restrict', help="Why this line has no old part.",
    )
    old_part_exempt_note = fields.Char(readonly=True, copy=False)
    old_part_exempt_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    old_part_exempt_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends('old_part_ids.state', 'old_part_ids.quantity')
    def _compute_old_part_qty(self):
        for line in self:
            tagged = line.old_part_ids.filtered(lambda part: part.state != 'void')
            line.old_part_qty = sum(tagged.mapped('quantity'))
            # Stored once is enough: what was sent, scrapped or handed out since had its place and its keeper.
            line.old_part_stored_qty = sum(
                tagged.filtered(lambda part: part.stored_at or part.state != 'tagged').mapped('quantity'))

    @api.depends('job_id.share_ids.payer_id.kind')
    def _compute_old_part_disposition(self):
        """What a manufacturer or an insurer pays for goes back to him, also when others share the price."""
        result = super()._compute_old_part_disposition()
        for line in self.filtered(lambda line: line.kind == 'part'):
            kind = line._old_part_payer().kind
            if kind in OWNER_OF_PAYER:
                line.old_part_disposition = 'return' if kind == 'warranty' else 'insurer'
            elif line.old_part_disposition == 'insurer':
                line.old_part_disposition = line.order_id.old_part_wish
        return result

    # === CRUD METHODS === #

    def write(self, vals):
        if 'quantity' in vals:
            for line in self.filtered('old_part_ids'):
                if line.product_uom_id.compare(vals['quantity'], line.old_part_qty) < 0:
                    raise coded_error('WAR-61', self.env._(
                        "“%(line)s”: %(tagged)s old parts are tagged. Void the tags that are too many first.",
                        line=line.name, tagged=line.old_part_qty,
                    ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tagged(self):
        tagged = self.sudo().filtered('old_part_ids')[:1]
        if tagged:
            raise coded_error('WAR-74', self.env._(
                "“%(line)s” has old parts with a history and stays. Decline the job instead.", line=tagged.name))

    # === CONSTRAINT METHODS === #

    @api.constrains('old_part_disposition', 'job_id')
    def _check_old_part_disposition(self):
        """Warranty parts are kept for return, whatever anybody writes (R-WAR-09).

        :raise UserError: WAR-64
        """
        for line in self:
            kind = line._old_part_payer().kind
            if kind in OWNER_OF_PAYER and line.old_part_disposition in ('take', 'dispose'):
                raise coded_error('WAR-64', self.env._(
                    "“%(line)s” is paid by %(payer)s: the old part goes back to him and cannot be given away.",
                    line=line.name, payer=line._old_part_payer().display_name,
                ))

    # === ACTION METHODS === #

    def action_tag_old_part(self):
        """Open the dialog that tags the old part."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Tag Old Part"),
            'res_model': 'aftersales.old.part.tag.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_line_id': self.id},
        }

    # === BUSINESS METHODS === #

    def _old_part_payer(self):
        """Return who owns what comes off: the manufacturer before the insurer, when several share the job.

        :rtype: recordset of aftersales.repair.payer, empty when neither pays
        """
        payers = self.job_id.sudo().share_ids.payer_id
        return payers.filtered(lambda payer: payer.kind == 'warranty')[:1] or payers.filtered(
            lambda payer: payer.kind == 'insurance')[:1]

    def _old_part_owner(self):
        """Return whose the old part of this line is.

        The customer who leaves his part to us (*dispose*) gives it up: it is the company's then.

        :return: (owner kind, res.partner)
        :rtype: tuple
        """
        self.ensure_one()
        payer = self._old_part_payer()
        if payer and payer.partner_id:
            return OWNER_OF_PAYER[payer.kind], payer.partner_id
        kinds = set(self.job_id.sudo().share_ids.payer_id.mapped('kind'))
        if self.old_part_disposition == 'take' and kinds != {'internal'}:
            return 'customer', self.order_id.sudo().partner_id
        return 'company', self.company_id._aftersales_old_part_owner_sudo()

    def _old_part_hold_until(self, owner_kind):
        """Return until when the owner may ask for the part.

        :param str owner_kind: of OWNER_KINDS.
        :rtype: date | False
        """
        self.ensure_one()
        days = self.company_id._aftersales_old_part_hold_days(
            owner_kind, self.order_id.sudo().vehicle_id.brand_id, self.job_id.sudo().claim_type)
        return fields.Date.add(self.company_id._aftersales_today(), days=days) if days else False

    def _gives_old_part(self):
        """Tell whether something comes off the car for this line: parts of ours, but no oil or grease."""
        self.ensure_one()
        return self._is_stock_part() and not self.product_id.sudo().aftersales_no_old_part

    def _needs_old_part(self):
        """Return the lines whose old part must be kept: paid by the manufacturer, not exempt.

        :rtype: recordset of aftersales.repair.line
        """
        return self.filtered(
            lambda line: line.kind == 'part' and not line.old_part_exempt_reason_id
            and line.job_id.outcome != 'declined' and line._old_part_payer().kind == 'warranty' and line._gives_old_part()
        )

    def _tag_old_part(self, quantity=None, serial=None, photos=(), note=None):
        """Tag what came off the car: a numbered tag with a QR, in the hands of who took it off (R-WAR-06).

        :param float quantity: pieces of this tag in the line's unit; all that is not tagged yet unless given.
        :param str serial: number on the old part.
        :param list photos: base64 images.
        :param str note: condition, what is missing.
        :rtype: recordset of aftersales.old.part
        :raise UserError: WAR-60 nothing comes off here, WAR-61 more than the line has, WAR-62 role
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_groups(TAGGER_GROUPS):
            raise coded_error('WAR-62', self.env._("Old parts are tagged by who takes them off, the parts room or the warranty desk."))
        self.order_id.check_access('read')
        part = self._tag_old_part_sudo(quantity, serial, note)
        if photos:
            part._attach_photos(photos)
        return part

    def _tag_old_part_sudo(self, quantity, serial, note):
        """sudo: the technician may read the order, which was dispatched to him; he writes nothing else."""
        line = self.sudo()
        if line.kind != 'part' or not line._gives_old_part():
            raise coded_error('WAR-60', self.env._(
                "Nothing comes off the car for “%(line)s”: old parts are tagged for parts of ours.", line=line.name))
        line.flush_recordset()
        # Two people tagging the same line wait for each other. The row is written, not only locked: who comes second
        # must start again, or he would not see the first one's tag.
        self.env.cr.execute("UPDATE aftersales_repair_line SET write_date = write_date WHERE id = %s", [line.id])
        uom = line.product_uom_id
        left = line.quantity - line.old_part_qty
        quantity = left if quantity is None else quantity
        if uom.compare(quantity, 0) <= 0 or uom.compare(quantity, left) > 0:
            raise coded_error('WAR-61', self.env._(
                "“%(line)s” is %(total)s %(unit)s, of which %(tagged)s are tagged: so many cannot come off.",
                line=line.name, total=line.quantity, unit=uom.name, tagged=line.old_part_qty,
            ))
        company = line.company_id
        kind, owner = line._old_part_owner()
        name = self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.old.part') or '/'
        part = self.env['aftersales.old.part'].sudo().with_context(**MACHINE_MADE)._guarded().create({
            'name': name,
            'company_id': company.id,
            'warehouse_id': line.order_id.warehouse_id.id,
            'line_id': line.id,
            'product_id': line.product_id.id,
            'lot_id': line._old_part_lot_sudo(serial or name).id,
            'description': line.product_id.display_name or line.name,
            'quantity': quantity,
            'owner_kind': kind,
            'owner_id': owner.id,
            'hold_until': line._old_part_hold_until(kind),
            'tagged_at': fields.Datetime.now(),
            'tagged_by_id': self.env.uid,
            'note': note or False,
        })
        part.with_user(self.env.user).sudo()._post_sudo('tag', employee=part._acting_keeper_sudo(), note=serial or False)
        return part.with_env(self.env)

    def _old_part_lot_sudo(self, number):
        """Return the number under which Odoo keeps the old piece, for parts that are kept by number.

        It is another one than the new part's: the number on the old piece, else the tag's.
        """
        product = self.product_id
        if product.tracking == 'none':
            return self.env['stock.lot']
        Lot = self.env['stock.lot'].sudo()
        return Lot.search([
            ('product_id', '=', product.id), ('name', '=', number), ('company_id', 'in', (False, self.company_id.id)),
        ], limit=1) or Lot.create({'product_id': product.id, 'name': number, 'company_id': self.company_id.id})

    def _exempt_old_part(self, reason, note=None):
        """Record that there is no old part to keep, and why.

        :param reason: aftersales.reason of kind `old_part`.
        :param str note: in words.
        :raise UserError: WAR-73 role, or no reason
        """
        if not self.env.su and not self.env.user.has_groups(f'aftersales_service.group_frontdesk_supervisor,{KEEPER_GROUPS}'):
            raise coded_error('WAR-73', self.env._("The parts room, the warranty desk or the front-desk supervisor exempts a line."))
        if not reason or reason.kind != 'old_part':
            raise coded_error('WAR-73', self.env._("Choose the reason why there is no old part."))
        self.order_id.check_access('read')
        # sudo: a keeper changes nothing on an order but this.
        self.sudo()._guarded().write({
            'old_part_exempt_reason_id': reason.id, 'old_part_exempt_note': note, 'old_part_exempt_by_id': self.env.uid,
            'old_part_exempt_at': fields.Datetime.now(),
        })
        for line in self.sudo():
            line.order_id._message_log(body=self.env._(
                "“%(line)s” has no old part: %(reason)s", line=line.name, reason=" · ".join(filter(None, (reason.name, note)))))
        return True
