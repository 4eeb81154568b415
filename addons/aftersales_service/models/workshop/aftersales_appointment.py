from odoo import api, fields, models

# Places where a car is worked on; paint booth, alignment and wash follow from the work itself.
SLOT_KINDS = ('lift', 'flat', 'body')


class AftersalesAppointment(models.Model):
    """An appointment keeps a bay for its hours (R-PROC-10), so that the car is not left standing in the yard."""

    _inherit = 'aftersales.appointment'

    bay_id = fields.Many2one(
        'aftersales.bay', "Bay", check_company=True, tracking=True, index='btree_not_null', copy=False,
        help="Kept from the appointed time for the planned hours. Empty: a free one is chosen when you confirm.",
    )
    bay_clash = fields.Char("Bay Taken", compute='_compute_bay_clash', help="Who else has this bay at that time.")

    # === COMPUTE METHODS === #

    @api.depends('bay_id', 'start_at', 'stop_at', 'state')
    def _compute_bay_clash(self):
        self.bay_clash = False
        kept = self.filtered(lambda item: item.bay_id and item.start_at and item.state in ('draft', 'confirmed'))
        for appointment, others in kept._bay_clashes().items():
            appointment.bay_clash = ", ".join(others) or False

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if {'bay_id', 'start_at', 'planned_hours'} & vals.keys():
            kept = self.filtered(lambda appointment: appointment.state == 'confirmed' and appointment.bay_id)
            if kept:
                kept._keep_bays()
                kept._ensure_no_blockers('bay_kept')
        return result

    # === GATES === #

    def _blockers(self, target):
        result = super()._blockers(target)
        if target in ('confirmed', 'bay_kept'):
            clashes = self.filtered(lambda item: item.bay_id and item.start_at)._bay_clashes()
            for appointment in self:
                result[appointment] += filter(None, [
                    target == 'confirmed' and not appointment.bay_id and appointment._blocker(
                        'appointment_bay', 'WRK-86', self.env._(
                            "No bay is free for %(name)s at that time: choose another time, or a bay yourself.",
                            name=appointment.display_name)),
                    clashes.get(appointment) and appointment._blocker(
                        'appointment_bay_clash', 'WRK-87', self.env._(
                            "%(bay)s is kept for %(others)s then. Choose another bay or another time.",
                            bay=appointment.bay_id.name, others=", ".join(clashes[appointment]))),
                ])
        return result

    # === BUSINESS METHODS === #

    def _confirm(self):
        # One after the other: what the first one keeps, the next one finds taken.
        for appointment in self:
            wanted = appointment.start_at and appointment._gate_profile()._gate('appointment_bay') != 'off'
            if wanted and not appointment.bay_id:
                appointment.bay_id = appointment._free_bay()
            appointment._keep_bays()
            super(AftersalesAppointment, appointment)._confirm()
        return True

    def _keep_bays(self):
        """Touch the bays, so that of two people who take the same one at once the second sees the first; sudo: the
        right to book appointments is enough to keep a bay.
        """
        self.bay_id.sudo().write({'kept_at': fields.Datetime.now()})

    def _free_bay(self):
        """Return a bay nobody has at that time: of the trade of the work first, then any, in the board's order."""
        self.ensure_one()
        bays = self.env['aftersales.bay'].search([('company_id', '=', self.company_id.id), ('kind', 'in', SLOT_KINDS)])
        trades = set(self.line_ids.labour_item_id.mapped('trade'))
        taken = bays._taken_between(self.start_at, self.stop_at, without=self)
        free = bays.filtered(lambda bay: not taken[bay] and (not bay.trade or not trades or bay.trade in trades))
        return free.sorted(lambda bay: (not bay.trade or bay.trade not in trades, bay.sequence, bay.id))[:1]

    def _bay_clashes(self):
        """Return who else has the bay of each appointment at its time.

        :rtype: dict[aftersales.appointment, list[str]]
        """
        clashes = {}
        for bay, mine in self.grouped('bay_id').items():
            start, stop = min(mine.mapped('start_at')), max(mine.mapped('stop_at'))
            for appointment in mine:
                clashes[appointment] = []
            spans = bay._taken_between(start, stop)[bay]
            for appointment in mine:
                clashes[appointment] = [
                    name for key, begin, end, name in spans
                    if key[:2] != (appointment._name, appointment._origin.id)
                    and begin < appointment.stop_at and end > appointment.start_at
                    and not (key[2] and key[2] == appointment.order_id.id)
                ]
        return clashes

    @api.model
    def _kept_by_bay(self, company, start, stop):
        """Return what the board shows of the day's appointments: `{bay id: [{'id', 'plate', 'start_at', 'stop_at'}]}`."""
        kept = {}
        for appointment in self.sudo().search_fetch(
            [('company_id', '=', company.id), ('state', '=', 'confirmed'), ('bay_id', '!=', False),
             ('start_at', '<', stop), ('stop_at', '>', start)],
            ['bay_id', 'license_plate', 'start_at', 'stop_at'],
        ):
            kept.setdefault(appointment.bay_id.id, []).append({
                'id': appointment.id,
                'plate': appointment.license_plate or '',
                'start_at': fields.Datetime.to_string(appointment.start_at),
                'stop_at': fields.Datetime.to_string(appointment.stop_at),
            })
        return kept
