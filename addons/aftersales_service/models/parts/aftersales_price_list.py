import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..base.errors import coded_error

_logger = logging.getLogger(__name__)

STATES = [
    ('draft', "Being Prepared"),
    ('announced', "Announced"),
    ('in_force', "In Force"),
]


class AftersalesPriceList(models.Model):
    """A version of the parts' prices with the day it comes into force, usually the manufacturer's (R-PART-20).

    The parts manager prepares and announces it; parts room and advisors are told. On its day the prices become those of
    the parts, and the vendor's purchase prices begin. What is on an order already keeps its price.
    """

    _name = 'aftersales.price.list'
    _description = "Price List of Parts"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'aftersales.guarded.mixin']
    _order = 'date_from desc, id desc'
    _check_company_auto = True
    _guarded_fields = frozenset({'state', 'announced_by_id', 'announced_at', 'applied_at'})

    name = fields.Char("Version", required=True, tracking=True, help="As the manufacturer calls it: “2026 winter”.")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    date_from = fields.Date(
        "In Force From", required=True, index=True, tracking=True, copy=False,
        default=lambda self: self.env.company._aftersales_today() + relativedelta(days=1),
    )
    partner_id = fields.Many2one(
        'res.partner', "Issued By", check_company=True,
        help="Manufacturer or wholesaler; purchase prices of the list become his.",
    )
    note = fields.Html("News", help="What advisors and keepers should know: bonus, returns, campaigns, training.")
    state = fields.Selection(STATES, required=True, readonly=True, default='draft', copy=False, tracking=True, index=True)
    announced_by_id = fields.Many2one('res.users', readonly=True, copy=False)
    announced_at = fields.Datetime(readonly=True, copy=False)
    applied_at = fields.Datetime("In Force Since", readonly=True, copy=False)
    line_ids = fields.One2many('aftersales.price.list.line', 'list_id', "Parts", copy=True)
    line_count = fields.Integer("Number of Parts", compute='_compute_line_count')
    change_count = fields.Integer("Price Changes", compute='_compute_line_count')

    # === COMPUTE METHODS === #

    @api.depends('line_ids')
    def _compute_line_count(self):
        Line = self.env['aftersales.price.list.line']
        counts = dict(Line._read_group([('list_id', 'in', self.ids)], ['list_id'], ['__count']))
        changes = dict(Line._read_group(
            [('list_id', 'in', self.ids), ('change_percent', '!=', 0)], ['list_id'], ['__count'],
        ))
        for price_list in self:
            price_list.line_count = counts.get(price_list._origin, 0)
            price_list.change_count = changes.get(price_list._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        if not self._is_guarded() and {'date_from', 'partner_id', 'company_id', 'line_ids'} & vals.keys():
            self._ensure_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        self._ensure_draft()

    def _ensure_draft(self):
        """:raise UserError: PAR-403"""
        for price_list in self:
            if price_list.state != 'draft':
                raise coded_error('PAR-403', self.env._(
                    "%(list)s is announced and stays as it is. Take it back before its day, or prepare another version.",
                    list=price_list.name,
                ))

    # === ACTION METHODS === #

    def action_announce(self):
        self._announce()
        return True

    def action_take_back(self):
        self._take_back()
        return True

    def action_lines(self):
        """Open the parts of the list on a screen of their own."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.price_list_line_action')
        return {
            **action, 'name': self.name, 'domain': [('list_id', '=', self.id)],
            'context': {'default_list_id': self.id, 'create': self.state == 'draft', 'edit': self.state == 'draft'},
        }

    # === BUSINESS METHODS === #

    def _ensure_manager(self):
        """:raise AccessError: PAR-401"""
        if not self.env.su and not self.env.user.has_group('aftersales_service.group_parts_manager'):
            raise coded_error('PAR-401', self.env._("Only the parts manager sets prices of parts. Ask him."), AccessError)
        self.check_access('write')

    def _announce(self):
        """Fix the version and tell parts room and front desk; one whose day has come is in force at once.

        :raise UserError: PAR-401 not the manager, PAR-402 no parts or no price, PAR-403 announced already, PAR-404 its
            day is past.
        """
        self._ensure_manager()
        self._ensure_draft()
        for price_list in self:
            if not price_list.line_ids or any(line.price <= 0 for line in price_list.line_ids):
                raise coded_error('PAR-402', self.env._(
                    "%(list)s has no parts, or a part without a price. Complete it first.", list=price_list.name,
                ))
            if price_list.date_from < price_list.company_id._aftersales_today():
                raise coded_error('PAR-404', self.env._(
                    "%(list)s cannot come into force on %(date)s: that day is past.", list=price_list.name,
                    date=price_list.date_from,
                ))
        self._guarded().write({
            'state': 'announced', 'announced_by_id': self.env.uid, 'announced_at': fields.Datetime.now(),
        })
        for price_list in self:
            price_list._pass_on()
        self._come_into_force()

    def _pass_on(self):
        """Tell everybody who sells parts or works in the parts room of the company."""
        self.ensure_one()
        groups = self.env.ref('aftersales_service.group_parts_keeper') | self.env.ref('aftersales_service.group_advisor')
        # sudo: names of colleagues to tell, nothing else.
        users = groups.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids,
        )
        self.message_post(
            body=self.env._(
                "Prices of %(count)s parts change on %(date)s. Orders keep the prices they were made with.",
                count=self.change_count, date=self.date_from,
            ),
            partner_ids=(users - self.env.user).partner_id.ids,
        )

    def _take_back(self):
        """Take an announced version back before its day.

        :raise UserError: PAR-401 not the manager, PAR-405 it is in force.
        """
        self._ensure_manager()
        for price_list in self:
            if price_list.state == 'in_force':
                raise coded_error('PAR-405', self.env._(
                    "%(list)s is in force. Prepare another version with the prices that shall hold.", list=price_list.name,
                ))
        self._guarded().write({'state': 'draft', 'announced_by_id': False, 'announced_at': False})

    def _come_into_force(self):
        """Let announced versions whose day has come set prices, the oldest first."""
        due = self.filtered(
            lambda price_list: (
                price_list.state == 'announced' and price_list.date_from <= price_list.company_id._aftersales_today()
            )
        )
        for price_list in due.sorted(lambda price_list: (price_list.date_from, price_list.id)):
            price_list._apply_sudo()

    def _apply_sudo(self):
        """Set the prices; sudo: the parts manager announced them, the day does the rest."""
        self.ensure_one()
        price_list = self.sudo()
        lines = price_list.line_ids
        former = {line.product_tmpl_id: line.product_tmpl_id.list_price for line in lines}
        # From now on the lines keep what they replaced.
        price_list._guarded().write({'state': 'in_force', 'applied_at': fields.Datetime.now()})
        for line in lines:
            line._guarded().former_price = former[line.product_tmpl_id]
            line.product_tmpl_id._aftersales_set_price(line.price)
        self.env['aftersales.part.price']._remember_sudo(former, price_list)
        price_list._write_vendor_prices()
        _logger.info("price list %s in force: %d parts", price_list.id, len(lines))

    def _write_vendor_prices(self):
        """End the vendor's purchase prices the day before and begin those of the list."""
        lines = self.line_ids.filtered('purchase_price')
        if not self.partner_id or not lines:
            return
        Seller = self.env['product.supplierinfo'].with_company(self.company_id)
        known = Seller.search([
            ('product_tmpl_id', 'in', lines.product_tmpl_id.ids), ('partner_id', '=', self.partner_id.id),
            ('company_id', 'in', (False, self.company_id.id)),
            '|', ('date_end', '=', False), ('date_end', '>=', self.date_from),
        ]).grouped('product_tmpl_id')
        vals_list, ended = [], Seller
        for line in lines:
            running = known.get(line.product_tmpl_id, Seller).filtered(
                lambda seller: not seller.date_start or seller.date_start < self.date_from,
            )
            ended |= running
            vals = {
                'partner_id': self.partner_id.id, 'product_tmpl_id': line.product_tmpl_id.id, 'price': line.purchase_price,
                'currency_id': self.currency_id.id, 'date_start': self.date_from, 'date_end': False, 'discount': 0.0,
            }
            # Packs, least quantities and delivery days go on.
            vals_list += [seller.copy_data(vals)[0] for seller in running] or [{**vals, 'company_id': self.company_id.id}]
        ended.write({'date_end': self.date_from - relativedelta(days=1)})
        Seller.create(vals_list)

    @api.model
    def _cron_come_into_force(self):
        """Every hour: versions whose day has begun in their company set the prices."""
        self.search([('state', '=', 'announced')])._come_into_force()
