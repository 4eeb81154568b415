import logging
import time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.errors import coded_error
from .aftersales_stock_ledger import insert_rows
from .aftersales_stock_statement_line import COST_GROUPS

_logger = logging.getLogger(__name__)

FROZEN = ('submitted', 'confirmed')
TOTALS = (
    'opening_value', 'changed_value', 'in_value', 'out_value', 'gain_value', 'loss_value', 'transfer_value',
    'revaluation_value', 'closing_value',
)


def total(label, **kwargs):
    return fields.Monetary(label, readonly=True, copy=False, groups=COST_GROUPS, **kwargs)


class AftersalesStockStatement(models.Model):
    """The month's statement of parts received, kept and issued (进销存核算表).

    The parts manager draws it up and submits it on the month's last day: from then on its figures stand. The accountant
    confirms that it agrees with valuation and ledger. What somebody books into a frozen month shows up as *changed after
    freezing* on the next one.
    """

    _name = 'aftersales.stock.statement'
    _description = "In / stock / out statement"
    _inherit = [
        'aftersales.guarded.mixin', 'aftersales.gate.mixin', 'aftersales.download.mixin', 'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'month desc, warehouse_id, id desc'
    _rec_name = 'display_name'
    _check_company_auto = True
    _guarded_fields = frozenset({
        'state', 'date_start', 'date_end', 'computed_at', 'submitted_at', 'submitted_by_id', 'confirmed_at',
        'confirmed_by_id', 'line_ids', 'check_ids', 'line_count', 'valuation_value', 'valuation_gap', 'ledger_gap',
        'ledger_unexplained', 'checked_at', *TOTALS,
    })

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, index=True,
    )
    currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(
        required=True, default=lambda self: self._default_month(), index=True,
        help="Any day of the month; it is cut in the time zone of the company.",
    )
    warehouse_id = fields.Many2one(
        'stock.warehouse', check_company=True, ondelete='restrict',
        help="Empty: all warehouses together. Only that statement is compared with the ledger.",
    )
    state = fields.Selection(
        [('draft', "Being Drawn Up"), ('submitted', "Submitted"), ('confirmed', "Confirmed")],
        required=True, readonly=True, default='draft', copy=False, tracking=True, index=True,
    )
    date_start = fields.Datetime("From", readonly=True, copy=False)
    date_end = fields.Datetime("Until", readonly=True, copy=False)
    computed_at = fields.Datetime("Figures of", readonly=True, copy=False)
    submitted_at = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one('res.users', "Submitted by", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one('res.users', "Confirmed by", readonly=True, copy=False)
    line_ids = fields.One2many('aftersales.stock.statement.line', 'statement_id', "Parts", readonly=True, copy=False)
    line_count = fields.Integer("Number of Parts", readonly=True, copy=False)
    check_ids = fields.One2many(
        'aftersales.stock.statement.check', 'statement_id', "Comparison", readonly=True, copy=False, groups=COST_GROUPS,
    )
    opening_value = total("Opening")
    changed_value = total("Changed After Freezing")
    in_value = total("Receipts")
    out_value = total("Issues")
    gain_value = total("Count Surplus")
    loss_value = total("Count Shortage")
    transfer_value = total("Between Warehouses")
    revaluation_value = total("Change of Cost")
    closing_value = total("Closing")
    checked_at = fields.Datetime("Compared at", readonly=True, copy=False)
    valuation_value = total("Stock Valuation Now", help="What Odoo's own valuation says at the moment of comparing.")
    valuation_gap = total("Statement − Valuation", help="The statement carried on to the moment of comparing, minus it.")
    ledger_gap = total("Stock − Ledger")
    ledger_unexplained = total("Of Which Not Explained")
    is_late = fields.Boolean(compute='_compute_is_late', search='_search_is_late')

    _month_uniq = models.UniqueIndex(
        "(company_id, month, COALESCE(warehouse_id, 0))", "There is a statement of this month already.",
    )

    # === DEFAULTS AND COMPUTES === #

    @api.model
    def _default_month(self):
        """Return the month whose statement is due: the last one until this one's last day has come."""
        today = self.env.company._aftersales_today()
        first = today.replace(day=1)
        return first if (today + relativedelta(days=1)).day == 1 else first - relativedelta(months=1)

    @api.depends('month', 'warehouse_id', 'company_id')
    def _compute_display_name(self):
        for statement in self:
            parts = [statement.month.strftime('%Y-%m') if statement.month else '', statement.warehouse_id.name]
            statement.display_name = " · ".join(filter(None, parts))

    @api.depends('state', 'month')
    def _compute_is_late(self):
        today = self.env.company._aftersales_today()
        for statement in self:
            statement.is_late = bool(
                statement.state == 'draft' and statement.month and statement._last_day() < today
            )

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = Domain('state', '=', 'draft') & Domain('month', '<', self.env.company._aftersales_today().replace(day=1))
        return late if True in value else ~late

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, 'month': fields.Date.to_date(vals.get('month') or self._default_month()).replace(day=1)}
            for vals in vals_list
        ]
        for vals in vals_list:
            double = self.sudo().search([
                ('company_id', '=', vals.get('company_id') or self.env.company.id), ('month', '=', vals['month']),
                ('warehouse_id', '=', vals.get('warehouse_id') or False),
            ], limit=1)
            if double:
                raise coded_error('PAR-200', self.env._(
                    "There is a statement of %(statement)s already. Open that one.", statement=double.display_name,
                ))
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_guarded() and {'month', 'warehouse_id', 'company_id'} & vals.keys():
            self._ensure_draft()
            if self.filtered('computed_at') or 'company_id' in vals:
                raise coded_error('PAR-201', self.env._(
                    "%(statement)s already has figures. Delete it and draw up the other month.",
                    statement=self[:1].display_name,
                ))
            if vals.get('month'):
                vals = {**vals, 'month': fields.Date.to_date(vals['month']).replace(day=1)}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._ensure_draft()

    # === ACTION METHODS === #

    def action_compute(self):
        """Take the figures anew and compare them with valuation and ledger."""
        self._draw_up()
        self._compare()
        return True

    def action_submit(self):
        """Freeze the figures; explains what stands against it."""
        self._prepare_submission()
        if len(self) == 1 and (explanation := self._gate_action('submitted', 'action_submit')):
            return explanation
        self._freeze()
        return True

    def action_confirm(self):
        if len(self) == 1 and (explanation := self._gate_action('confirmed', 'action_confirm')):
            return explanation
        self._confirm()
        return True

    def action_reopen(self):
        self._reopen()
        return True

    def action_lines(self):
        """Open the parts of the statement as list, pivot and graph."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.stock_statement_line_action')
        return {**action, 'domain': [('statement_id', '=', self.id)], 'name': self.display_name}

    def action_moves(self):
        """Show the valued movements of the month."""
        self.ensure_one()
        return self._moves_action()

    def _moves_action(self, product=None):
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.stock_ledger_move_action')
        domain = Domain([
            ('company_id', '=', self.company_id.id), ('state', '=', 'done'),
            ('date', '>=', self.date_start), ('date', '<', self.date_end),
        ]) & (Domain('is_in', '=', True) | Domain('is_out', '=', True))
        if product:
            domain &= Domain('product_id', '=', product.id)
        if self.warehouse_id:
            domain &= (Domain('location_id.warehouse_id', '=', self.warehouse_id.id)
                       | Domain('location_dest_id.warehouse_id', '=', self.warehouse_id.id))
        name = " · ".join(filter(None, [self.display_name, product and product.display_name]))
        return {**action, 'domain': list(domain), 'name': name}

    # === BUSINESS METHODS === #

    @api.model
    def _ensure_statement(self, company=None, month=None, warehouse=None):
        """Return the statement of a month, drawn up now when there is none.

        :param date month: any day of it; the month that is due unless given.
        """
        company = company or self.env.company
        month = fields.Date.to_date(month or self.with_company(company)._default_month()).replace(day=1)
        domain = [
            ('company_id', '=', company.id), ('month', '=', month),
            ('warehouse_id', '=', warehouse.id if warehouse else False),
        ]
        statement = self.search(domain, limit=1)
        if not statement:
            statement = self.create({
                'company_id': company.id, 'month': month, 'warehouse_id': warehouse.id if warehouse else False,
            })
            statement._draw_up()
        return statement

    def _last_day(self):
        return self.month + relativedelta(months=1, days=-1)

    def _ensure_draft(self):
        frozen = self.filtered(lambda statement: statement.state != 'draft')
        if frozen:
            raise coded_error('PAR-202', self.env._(
                "%(statement)s is frozen: its figures were handed in. Take it back first, or look at the next month, which "
                "shows what changed.", statement=frozen[0].display_name,
            ))

    def _ensure_role(self, *roles):
        groups = ','.join(f'aftersales_service.group_{role}' for role in roles)
        if not (self.env.su or self.env.user.has_groups(groups)):
            raise coded_error('PAR-203', self.env._(
                "The parts manager draws up and submits the statement, the accountant confirms it. Ask one of them.",
            ))

    def _draw_up(self):
        """Take the figures of each statement anew.

        :raise UserError: PAR-202 it is frozen, PAR-203 the user is neither parts manager nor accountant
        """
        self._ensure_role('parts_manager', 'accountant')
        self.check_access('write')
        for statement in self:
            statement.lock_for_update()
            statement._ensure_draft()
            start = time.perf_counter()
            statement._fill_sudo()
            _logger.info(
                "statement %s: %s parts in %d ms", statement.display_name, statement.line_count,
                1000 * (time.perf_counter() - start),
            )

    def _fill_sudo(self):
        """Replace the lines, in a fixed number of queries for every 20,000 movements.

        sudo: `_draw_up` checked the person; keepers read the lines but nobody writes them.
        """
        self.ensure_one()
        statement = self.sudo()
        company = statement.company_id
        bounds = company._aftersales_month_bounds(statement.month)
        frozen = statement._frozen_before()
        Line = statement.env['aftersales.stock.statement.line']
        digits = statement.env['decimal.precision'].precision_get('Product Unit')
        decimals = company.currency_id.decimal_places
        head = {
            'statement_id': statement.id, 'company_id': company.id, 'month': statement.month,
            'warehouse_id': statement.warehouse_id.id or None, 'create_uid': self.env.uid, 'write_uid': self.env.uid,
        }
        self.env.cr.execute(SQL("DELETE FROM aftersales_stock_statement_line WHERE statement_id = %s", statement.id))
        rows = []
        for part in statement.env['aftersales.stock.ledger']._walk_sudo(
            company, list(bounds), locations=statement._location_ids(),
        ):
            if company.aftersales_statement_scope == 'parts' and not part.is_part:
                continue
            vals = Line._prepare_vals(part, frozen.pop(part.product_id, (0.0, 0.0)) if frozen is not None else None,
                                      digits, decimals)
            if vals:
                rows.append({**head, 'product_id': part.product_id, 'categ_id': part.categ_id, **vals})
            if len(rows) >= 1000:
                statement._insert(rows)
                rows = []
        statement._insert(rows)
        statement._insert(statement._vanished_rows(frozen or {}, head))
        statement.env.invalidate_all()
        statement._guarded().write({
            'date_start': bounds[0], 'date_end': bounds[1], 'computed_at': fields.Datetime.now(), **statement._sums(),
        })

    def _vanished_rows(self, frozen, head):
        """Return lines of products that were frozen with stock and have no history any more."""
        products = self.env['product.product'].browse([key for key, figures in frozen.items() if any(figures)])
        return [{
            **head, 'product_id': product.id, 'categ_id': product.categ_id.id,
            **self._empty_figures(), 'opening_qty': frozen[product.id][0], 'opening_value': frozen[product.id][1],
            'changed_qty': -frozen[product.id][0], 'changed_value': -frozen[product.id][1],
        } for product in products]

    def _empty_figures(self):
        fields_ = self.env['aftersales.stock.statement.line']._fields
        return {name: 0.0 for name in fields_ if name.endswith(('_qty', '_value'))}

    def _insert(self, rows):
        insert_rows(self.env.cr, 'aftersales_stock_statement_line', rows)

    def _sums(self):
        """Return the totals of the lines."""
        sums = self.env['aftersales.stock.statement.line']._read_group(
            [('statement_id', '=', self.id)], [], ['__count', *(f'{name}:sum' for name in TOTALS)],
        )[0]
        return {'line_count': sums[0], **dict(zip(TOTALS, sums[1:], strict=True))}

    def _location_ids(self):
        """Return where this statement looks; None for everywhere."""
        if not self.warehouse_id:
            return None
        return self.env['stock.location'].with_context(active_test=False).search([
            ('warehouse_id', '=', self.warehouse_id.id), ('usage', 'in', ('internal', 'transit')),
        ]).ids

    def _before(self):
        """Return the statement of the month before; empty when there is none."""
        return self.search([
            ('company_id', '=', self.company_id.id), ('warehouse_id', '=', self.warehouse_id.id),
            ('month', '=', self.month - relativedelta(months=1)),
        ], limit=1)

    def _frozen_before(self):
        """Return what the month before was frozen with; None when it was not.

        :rtype: dict[int, tuple[float, float]] | None  product id to closing quantity and value
        """
        before = self._before()
        if before.state not in FROZEN:
            return None
        return {product.id: (pieces, worth) for product, pieces, worth in self.env[
            'aftersales.stock.statement.line'
        ]._read_group([('statement_id', '=', before.id)], ['product_id'], ['closing_qty:sum', 'closing_value:sum'])}

    def _compare(self):
        """Compare with Odoo's valuation and with the ledger, see `aftersales.stock.statement.check`."""
        self._ensure_role('parts_manager', 'accountant')
        self.check_access('write')
        for statement in self:
            statement._ensure_draft()
            statement.env['aftersales.stock.statement.check']._compare_sudo(statement)

    # === FREEZING === #

    def _blockers(self, target):
        blockers = super()._blockers(target)
        for statement in self:
            if target == 'submitted':
                blockers[statement] += statement._blockers_submit()
            elif target == 'confirmed' and statement.submitted_by_id == self.env.user:
                blockers[statement].append(statement._blocker('statement_second_person', 'PAR-205', self.env._(
                    "You submitted %(statement)s yourself: another person confirms it.",
                    statement=statement.display_name,
                )))
        return blockers

    def _blockers_submit(self):
        statement = self.sudo()
        cure = {'label': self.env._("Show the comparison"), 'action': self._form_action()}
        found = []
        if statement.valuation_gap:
            found.append(self._blocker('statement_ties', 'PAR-206', self.env._(
                "%(statement)s and Odoo's stock valuation differ by %(gap)s.", statement=self.display_name,
                gap=self.currency_id.format(statement.valuation_gap),
            ), cure))
        if statement.ledger_unexplained:
            found.append(self._blocker('statement_ties', 'PAR-207', self.env._(
                "%(gap)s between the stock of %(statement)s and the ledger is not explained: movements and their entries "
                "disagree.", statement=self.display_name, gap=self.currency_id.format(statement.ledger_unexplained),
            ), cure))
        return found

    def _form_action(self):
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')],
        }

    def _submit(self):
        """Take the figures once more and freeze them.

        :raise UserError: PAR-202 frozen, PAR-203 no parts manager, PAR-204 the month is not over, PAR-206 and PAR-207 it
            does not agree with valuation or ledger
        """
        self._prepare_submission()
        self._freeze()

    def _prepare_submission(self):
        self._ensure_role('parts_manager')
        for statement in self:
            statement._ensure_draft()
            if statement.company_id._aftersales_today() < statement._last_day():
                raise coded_error('PAR-204', self.env._(
                    "%(statement)s can be submitted from %(date)s on, the month's last day.",
                    statement=statement.display_name, date=statement._last_day(),
                ))
            statement._draw_up()
            statement._compare()

    def _freeze(self):
        self._ensure_no_blockers('submitted')
        self._guarded().write({
            'state': 'submitted', 'submitted_at': fields.Datetime.now(), 'submitted_by_id': self.env.uid,
        })
        self.activity_feedback(['mail.mail_activity_data_todo'])

    def _confirm(self):
        """The accountant takes the frozen figures into the books' closing.

        :raise UserError: PAR-203 no accountant, PAR-205 the same person, PAR-208 not submitted
        """
        self._ensure_role('accountant')
        for statement in self:
            if statement.state != 'submitted':
                raise coded_error('PAR-208', self.env._(
                    "%(statement)s is not submitted, or confirmed already.", statement=statement.display_name,
                ))
        self._ensure_no_blockers('confirmed')
        self._guarded().write({
            'state': 'confirmed', 'confirmed_at': fields.Datetime.now(), 'confirmed_by_id': self.env.uid,
        })

    def _reopen(self):
        """Take a submitted statement back, as long as no later one stands on it.

        :raise UserError: PAR-208 not submitted, PAR-209 a later month is frozen
        """
        self._ensure_role('parts_manager', 'accountant')
        for statement in self:
            if statement.state != 'submitted':
                raise coded_error('PAR-208', self.env._(
                    "%(statement)s is not submitted, or confirmed already.", statement=statement.display_name,
                ))
            later = self.search([
                ('company_id', '=', statement.company_id.id), ('warehouse_id', '=', statement.warehouse_id.id),
                ('month', '>', statement.month), ('state', 'in', FROZEN),
            ], limit=1)
            if later:
                raise coded_error('PAR-209', self.env._(
                    "%(later)s is frozen and stands on %(statement)s. What changed shows there.",
                    later=later.display_name, statement=statement.display_name,
                ))
        self._guarded().write({'state': 'draft', 'submitted_at': False, 'submitted_by_id': False})

    @api.model
    def _cron_prepare(self):
        """On a month's last day draw up its statement and tell the parts managers (R-PART-05)."""
        managers = self.env.ref('aftersales_service.group_parts_manager').all_user_ids
        for company in self.env['res.company'].search([]):
            # A company without stock has nothing to state.
            if not self.env['stock.move'].search_count(
                [('company_id', '=', company.id), ('state', '=', 'done'), ('is_in', '=', True)], limit=1,
            ):
                continue
            statement = self.with_company(company)._ensure_statement(company)
            if statement.state != 'draft' or statement.activity_ids:
                continue
            for user in managers.filtered(lambda user, company=company: company in user.company_ids and not user.share):
                statement.activity_schedule(
                    'mail.mail_activity_data_todo', date_deadline=statement._last_day(), user_id=user.id,
                    summary=self.env._("Submit the in / stock / out statement"),
                )
