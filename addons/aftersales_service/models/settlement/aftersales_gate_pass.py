import secrets

from odoo import api, fields, models
from odoo.fields import Command

from ..base.errors import coded_error

HANDOUTS = [
    ('statement', "Settlement statement"),
    ('certificate', "Guarantee and exit certificate"),
    ('papers', "Licence and handbook"),
    ('key', "Key"),
    ('gate_card', "Gate card back from the customer"),
    ('old_parts', "Old parts the customer takes"),
]


class AftersalesGatePass(models.Model):
    """The paper or QR code with which a car leaves the gate: for good, or for a temporary exit.

    It carries no right of its own: the guard's check asks the order, at that moment, whether anything blocks.
    """

    _name = 'aftersales.gate.pass'
    _description = "Gate Pass"
    _inherit = ['aftersales.guarded.mixin', 'aftersales.gate.mixin', 'mail.thread']
    _order = 'id desc'
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            'name',
            'token',
            'kind',
            'order_id',
            'visit_id',
            'exit_id',
            'company_id',
            'released_by_id',
            'issued_at',
            'used_at',
            'let_out_by_id',
            'voided_at',
        }
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index='trigram')
    token = fields.Char(
        readonly=True, copy=False, groups='aftersales_service.group_cashier,aftersales_service.group_advisor'
    )
    kind = fields.Selection(
        [('final', "Exit"), ('temporary', "Temporary Exit")], required=True, readonly=True, default='final'
    )
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    order_id = fields.Many2one('aftersales.repair.order', readonly=True, ondelete='restrict', index='btree_not_null')
    visit_id = fields.Many2one('aftersales.visit', readonly=True, ondelete='restrict', index='btree_not_null')
    exit_id = fields.Many2one('aftersales.visit.exit', readonly=True, ondelete='restrict', index='btree_not_null')
    license_plate = fields.Char(compute='_compute_license_plate', store=True, index='trigram')
    gate_card_no = fields.Char(related='visit_id.gate_card_no')
    state = fields.Selection(
        [('issued', "Issued"), ('used', "Car Gone"), ('void', "Void")],
        compute='_compute_state',
        store=True,
        index=True,
        tracking=True,
    )
    issued_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    released_by_id = fields.Many2one('res.users', "Released By", readonly=True, default=lambda self: self.env.user)
    used_at = fields.Datetime("Let Out", readonly=True, copy=False)
    let_out_by_id = fields.Many2one('res.users', "Let Out By", readonly=True, copy=False)
    voided_at = fields.Datetime(readonly=True, copy=False)
    handout_ids = fields.One2many('aftersales.handout', 'pass_id', "Handed Out")
    is_valid = fields.Boolean("May Leave Now", compute='_compute_is_valid')

    _token_uniq = models.UniqueIndex('(token)', "Every pass has a token of its own.")
    _one_open = models.UniqueIndex(
        "(order_id) WHERE kind = 'final' AND used_at IS NULL AND voided_at IS NULL",
        "[SET-87] This order has a valid exit pass already.",
    )

    @api.depends('order_id.license_plate', 'visit_id.license_plate')
    def _compute_license_plate(self):
        for record in self:
            record.license_plate = record.order_id.license_plate or record.visit_id.license_plate

    @api.depends('used_at', 'voided_at')
    def _compute_state(self):
        for record in self:
            record.state = 'void' if record.voided_at else 'used' if record.used_at else 'issued'

    def _compute_is_valid(self):
        for record in self:
            record.is_valid = record._check()[0]

    @api.depends('name', 'license_plate')
    def _compute_display_name(self):
        for record in self:
            record.display_name = ' · '.join(part for part in (record.name, record.license_plate) if part)

    # === ISSUE === #

    @api.model
    def _issue(self, order=None, exit_=None):
        """Issue a pass for an order, or for a temporary exit of a visit.

        :raise UserError: SET-88 role
        """
        if not (
            self.env.su
            or self.env.user.has_groups(
                'aftersales_service.group_cashier,aftersales_service.group_advisor,aftersales_service.group_parts_keeper'
            )
        ):
            raise coded_error('SET-88', self.env._("Gate passes are issued by the advisor or the cashier."))
        (order or exit_).check_access('read')
        company = (order or exit_).company_id
        visit = order.visit_id if order else exit_.visit_id
        return (
            self.sudo()
            ._guarded()
            .create(
                {
                    'name': self.env['ir.sequence'].sudo().with_company(company).next_by_code('aftersales.gate.pass')
                    or '/',
                    'token': secrets.token_urlsafe(24),
                    'kind': 'final' if order else 'temporary',
                    'company_id': company.id,
                    'order_id': order.id if order else False,
                    'visit_id': visit.id,
                    'exit_id': exit_.id if exit_ else False,
                    'handout_ids': [Command.create(vals) for vals in self._prepare_handouts(order, visit)]
                    if order
                    else [],
                }
            )
            .with_env(self.env)
        )

    def _prepare_handouts(self, order, visit):
        """Return what this customer gets back with the car (R-PROC-84)."""
        visit = visit.sudo()
        custody = visit.custody_ids
        labels = dict(self.env['aftersales.handout']._fields['code']._description_selection(self.env))
        needed = {
            'statement': True,
            'certificate': bool(order.line_ids.filtered(lambda line: line.kind == 'labour')),
            'papers': bool(custody.filtered(lambda item: item.kind in ('licence', 'handbook'))),
            'key': bool(custody.filtered(lambda item: item.kind == 'key')),
            'gate_card': bool(visit.gate_card_no),
            'old_parts': bool(order.line_ids.filtered(lambda line: line.old_part_disposition == 'take')),
        }
        return [{'code': code, 'name': labels[code], 'is_needed': True} for code, wanted in needed.items() if wanted]

    # === CHECK AT THE GATE === #

    def _check(self):
        """Tell whether this car may leave now, and if not, every reason.

        :return: `(ok, [reason])`
        :rtype: tuple[bool, list[str]]
        """
        self.ensure_one()
        record = self.sudo()
        if record.voided_at:
            return False, [self.env._("This pass is void: the order was reopened.")]
        if record.used_at:
            return False, [
                self.env._(
                    "This pass was used on %(at)s.",
                    at=fields.Datetime.context_timestamp(self, record.used_at).strftime('%Y-%m-%d %H:%M'),
                )
            ]
        if record.kind == 'temporary':
            outing = record.exit_id
            if outing.state != 'planned':
                return False, [self.env._("This exit is over: the car is out or back already.")]
            reasons = outing._open_blockers('out')[outing]
        else:
            reasons = record.order_id._open_blockers('released')[record.order_id]
            if record.visit_id.state in ('inside', 'out'):
                reasons = reasons + record.visit_id._open_blockers('left')[record.visit_id]
        reasons = [reason.message for reason in reasons if reason.level in ('block', 'override')]
        return not reasons, reasons

    def _let_out(self, guard=None):
        """Let the car out: the guard's stamp, the visit's end, the order's release.

        :param guard: `res.users`; the user unless given.
        :raise UserError: SET-89 something blocks; SET-90 role
        """
        if not (
            self.env.su
            or self.env.user.has_groups(
                'aftersales_service.group_gate_guard,aftersales_service.group_cashier,aftersales_service.group_advisor'
            )
        ):
            raise coded_error('SET-90', self.env._("The gate guard lets cars out."))
        guard = guard or self.env.user
        for record in self.sudo():
            if record.order_id:
                record.order_id._lock_settlement_sudo()
            ok, reasons = record.with_env(self.env)._check()
            if not ok:
                raise coded_error(
                    'SET-89',
                    '\n'.join(
                        [
                            self.env._("%(plate)s may not leave yet:", plate=record.license_plate or record.name),
                            *(f'• {reason}' for reason in reasons),
                        ]
                    ),
                )
            record._guarded().write({'used_at': fields.Datetime.now(), 'let_out_by_id': guard.id})
            if record.kind == 'temporary':
                record.exit_id._go_out()
                continue
            if record.visit_id.state in ('inside', 'out'):
                record.visit_id._leave()
            record.order_id._advance()
        return True

    def _url(self):
        """Return the plain address behind the QR code."""
        self.ensure_one()
        return f'{self.get_base_url()}/aftersales/gate/{self.sudo().token}'

    def _print_data(self):
        """Return what the printed pass shows beside its own fields; refused before the release condition holds.

        :raise UserError: SET-91 (R-FORM-07)
        """
        self.ensure_one()
        ok, reasons = self._check()
        if not ok and self.state == 'issued':
            raise coded_error(
                'SET-91',
                '\n'.join(
                    [
                        self.env._(
                            "The pass of %(plate)s is printed once the car may leave:",
                            plate=self.license_plate or self.name,
                        ),
                        *(f'• {reason}' for reason in reasons),
                    ]
                ),
            )
        settlements = self.sudo().order_id.settlement_ids
        return {
            'url': self._url(),
            'proof': ', '.join(
                self.env._("%(name)s on account", name=s.name)
                if s.is_on_account
                else self.env._("%(name)s settled", name=s.name)
                for s in settlements
            ),
            'boxes': [self.env._("Released by"), self.env._("Customer"), self.env._("Gate")],
        }

    # === ACTIONS === #

    def action_let_out(self):
        return self._let_out()

    def action_print(self):
        """Print the pass; refused before the release condition holds (R-FORM-07)."""
        for record in self:
            record._print_data()
        return self.env.ref('aftersales_service.action_report_gate_pass').report_action(self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise coded_error('SET-92', self.env._("A gate pass stays on record; a reopened order makes it void."))
