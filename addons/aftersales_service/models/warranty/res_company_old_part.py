from collections import defaultdict

from odoo import api, fields, models

from .old_part_const import IN_STOCK


class ResCompany(models.Model):
    """Old parts: numbers, the name under which our own lie there, how long each owner's are kept; integrity."""

    _inherit = 'res.company'

    aftersales_old_part_owner_id = fields.Many2one(
        'res.partner', "Own Old Parts", copy=False, ondelete='restrict',
        help="Odoo values what belongs to the company itself. Old parts that are ours lie under this contact, so that they are worth nothing.",
    )
    aftersales_old_part_hold = fields.Integer(
        "Keep Manufacturers' Old Parts (days)", default=90, help="Where the terms of the brand say nothing.",
    )
    aftersales_old_part_hold_customer = fields.Integer(
        "Keep Customers' Old Parts (days)", default=30, help="A customer who wanted his old part has so long to fetch it.",
    )

    _aftersales_old_part_days = models.Constraint(
        'CHECK(aftersales_old_part_hold >= 0 AND aftersales_old_part_hold_customer >= 0)', "Days cannot be negative.",
    )

    # === PREPARATION === #

    def _aftersales_prepare_company(self):
        result = super()._aftersales_prepare_company()
        self._aftersales_ensure_sequence('aftersales.old.part', self.env._("Old-part tags"), 'OP%(y)s%(month)s-')
        self._aftersales_ensure_sequence('aftersales.old.part.shipment', self.env._("Old-part shipments"), 'OS%(y)s%(month)s-', padding=3)
        return result

    @api.model
    def _aftersales_prepare_old_parts(self):
        """Prepare the companies that were there before this room; called on every update."""
        self.env['res.company'].sudo().search([])._aftersales_prepare_company()

    def _aftersales_old_part_owner_sudo(self):
        """Return the contact under which our own old parts lie; sudo: made once, whoever tags the first one.

        :rtype: recordset of res.partner
        """
        self.ensure_one()
        company = self.sudo()
        if not company.aftersales_old_part_owner_id:
            company.aftersales_old_part_owner_id = self.env['res.partner'].sudo().create({
                'name': self.env._("%(company)s, old parts", company=company.name), 'parent_id': company.partner_id.id,
                'type': 'other', 'company_id': False,
            })
        return company.aftersales_old_part_owner_id

    def _aftersales_old_part_hold_days(self, owner_kind, brand, claim_type='normal'):
        """Return how many days an old part is kept for its owner: by the brand's terms of today, else by the settings.

        :param str owner_kind: of OWNER_KINDS.
        :param brand: aftersales.vehicle.brand of the car.
        :param str claim_type: kind of warranty claim.
        :rtype: int
        """
        company = self.sudo()
        company.ensure_one()
        if owner_kind == 'company':
            return 0
        if owner_kind == 'customer':
            return company.aftersales_old_part_hold_customer
        terms = brand._warranty_terms(company._aftersales_today(), company, claim_type) if owner_kind == 'manufacturer' else False
        return terms and terms.sudo().old_part_hold_days or company.aftersales_old_part_hold

    # === INTEGRITY === #

    def _aftersales_integrity(self):
        return super()._aftersales_integrity() + self._integrity_old_parts() + self._integrity_old_part_value()

    def _integrity_old_parts(self):
        """Each stored old part has its goods, no goods are there without a tag, and states say what the history says."""
        self.ensure_one()
        Part = self.env['aftersales.old.part'].sudo()
        balance, where = defaultdict(float), {}
        for part in Part.search([('company_id', '=', self.id), ('state', 'in', IN_STOCK)]):
            if part._is_stocked():
                key = (part.product_id, part.location_id, part.owner_id, part.lot_id)
                balance[key] -= part._stock_qty()
                where.setdefault(key, part)
        for *key, quantity in self.env['stock.quant'].sudo()._read_group(
            [('company_id', '=', self.id), ('location_id.aftersales_role', '=', 'old_parts')],
            ['product_id', 'location_id', 'owner_id', 'lot_id'], ['quantity:sum'],
        ):
            balance[tuple(key)] += quantity
        name = self.env._("Old parts against their tags")
        found = [
            self._old_part_finding('WAR-I3', name, where.get(key) or key[0], difference, self.env._(
                "%(part)s of %(owner)s in %(place)s: %(difference)s pieces lie there more than there are tags.",
                part=key[0].display_name, owner=key[2].display_name or "-", place=key[1].display_name,
                difference=f'{difference:g}',
            ))
            for key, difference in balance.items() if not key[0].uom_id.is_zero(difference)
        ]
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT p.id FROM aftersales_old_part p
              LEFT JOIN LATERAL (
                SELECT m.state FROM aftersales_old_part_move m WHERE m.old_part_id = p.id ORDER BY m.id DESC LIMIT 1
              ) last ON TRUE
             WHERE p.company_id = %s AND p.state IS DISTINCT FROM last.state
            """, [self.id])
        for part in Part.browse(row[0] for row in self.env.cr.fetchall()):
            found.append(self._old_part_finding('WAR-I3', name, part, part.quantity, self.env._(
                "%(tag)s: its state is not what its history says.", tag=part.name)))
        return found

    def _integrity_old_part_value(self):
        """Old parts are worth nothing in our books, in or out (house §5)."""
        self.ensure_one()
        found = []
        moves = self.env['stock.move'].sudo().search([
            ('company_id', '=', self.id), ('state', '=', 'done'),
            '|', ('location_id.aftersales_role', '=', 'old_parts'), ('location_dest_id.aftersales_role', '=', 'old_parts'),
            '|', '|', ('value', '>', 0), ('value', '<', 0), ('account_move_id', '!=', False),
        ])
        name = self.env._("Old parts without value")
        for move in moves:
            found.append(self._old_part_finding('WAR-I4', name, move, move.value, self.env._(
                "%(move)s moved old parts at a value.", move=move.reference or move.display_name)))
        own = self.env['stock.quant'].sudo().search([
            ('company_id', '=', self.id), ('location_id.aftersales_role', '=', 'old_parts'), ('quantity', '!=', 0),
            '|', ('owner_id', '=', False), ('owner_id', '=', self.partner_id.id),
        ])
        for quant in own:
            found.append(self._old_part_finding('WAR-I4', name, quant.product_id, quant.value, self.env._(
                "%(part)s lies in %(place)s without an owner and counts as our stock.",
                part=quant.product_id.display_name, place=quant.location_id.display_name)))
        return found

    def _old_part_finding(self, code, name, record, amount, message):
        return {
            'code': code, 'name': name, 'severity': 'error', 'res_model': record._name, 'res_id': record.id,
            'amount': amount, 'message': message,
        }
