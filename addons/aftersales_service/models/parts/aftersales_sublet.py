from odoo import api, fields, models

from ..base.errors import coded_error
from .guard import opened


class AftersalesRepairLine(models.Model):
    """Work of a subcontractor: ordered on a purchase order, accepted into work in progress, trued up by the bill."""

    _inherit = 'aftersales.repair.line'
    _guarded_fields = frozenset({'sublet_accepted_at', 'sublet_accepted_by_id', 'sublet_accrued_amount'})

    purchase_line_ids = fields.One2many(
        'purchase.order.line', 'aftersales_line_id', "Purchase Lines", groups='purchase.group_purchase_user'
    )
    sublet_state = fields.Selection(
        [('none', "To Order"), ('ordered', "Ordered"), ('accepted', "Accepted"), ('billed', "Billed")],
        compute='_compute_sublet_state',
        store=True,
        compute_sudo=True,
    )
    sublet_vendor_id = fields.Many2one(
        'res.partner', "Subcontractor", compute='_compute_sublet_state', store=True, compute_sudo=True
    )
    sublet_purchase_id = fields.Many2one(
        'purchase.order', "Purchase Order", compute='_compute_sublet_state', store=True, compute_sudo=True
    )
    sublet_accepted_at = fields.Datetime("Accepted At", readonly=True, copy=False)
    sublet_accepted_by_id = fields.Many2one('res.users', "Accepted By", readonly=True, copy=False)
    sublet_accrued_amount = fields.Monetary(
        "Accepted Cost",
        readonly=True,
        copy=False,
        currency_field='currency_id',
        groups='aftersales_service.group_parts_manager,aftersales_service.group_accountant,aftersales_service.group_service_manager',
    )

    # === COMPUTE METHODS === #

    @api.depends(
        'kind',
        'sublet_accepted_at',
        'purchase_line_ids.state',
        'purchase_line_ids.qty_invoiced',
        'purchase_line_ids.product_qty',
    )
    def _compute_sublet_state(self):
        for line in self:
            ordered = line.purchase_line_ids.filtered(lambda po: po.state in ('purchase', 'done'))
            line.sublet_purchase_id = ordered[-1:].order_id
            line.sublet_vendor_id = ordered[-1:].order_id.partner_id
            if line.kind != 'sublet':
                line.sublet_state = False
            elif not ordered:
                line.sublet_state = 'none'
            elif not line.sublet_accepted_at:
                line.sublet_state = 'ordered'
            elif all(po.product_uom_id.compare(po.qty_invoiced, po.product_qty) >= 0 for po in ordered):
                line.sublet_state = 'billed'
            else:
                line.sublet_state = 'accepted'

    # === ACTIONS === #

    def action_order_sublet(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Order From a Subcontractor"),
            'res_model': 'aftersales.sublet.wizard',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_line_id': self.id},
        }

    def action_accept_sublet(self):
        self._accept_sublet()
        return True

    def action_cancel_sublet(self):
        for line in self:
            line.order_id.check_access('write')
        self._cancel_sublet()
        return True

    # === BUSINESS METHODS === #

    def _ensure_sublet_right(self):
        """Advisors and the parts room order and accept subcontracted work.

        :raise UserError: PAR-50
        """
        if not self.env.su and not self.env.user.has_groups(
            'aftersales_service.group_advisor,aftersales_service.group_parts_keeper,aftersales_service.group_dispatcher',
        ):
            raise coded_error(
                'PAR-50',
                self.env._(
                    "Subcontracted work is ordered and accepted by the advisor, the dispatcher or the parts room.",
                ),
            )
        self.order_id.check_access('read')

    def _order_sublet(self, vendor, cost):
        """Order the work of these lines from a subcontractor and confirm it.

        :param vendor: res.partner.
        :param float cost: agreed price of the whole line without tax, company currency.
        :rtype: recordset of purchase.order
        :raise UserError: PAR-51 not a sublet of an open approved job, PAR-52 already ordered, PAR-53 no vendor or price
        """
        self._ensure_sublet_right()
        purchases = self.env['purchase.order'].sudo()
        for line in self:
            if line.kind != 'sublet' or line.job_id.outcome != 'open' or line.order_id._is_locked():
                raise coded_error(
                    'PAR-51', self.env._("“%(line)s” is no subcontracted work of an open job.", line=line.name)
                )
            if not line.job_id.is_approved and line.order_id._gate_profile()._gate('parts_consent') in (
                'block',
                'override',
            ):
                raise coded_error(
                    'PAR-51',
                    self.env._(
                        "“%(job)s” is not approved yet: get the consent before somebody else works on it.",
                        job=line.job_id.name,
                    ),
                )
            if line.sublet_state in ('ordered', 'accepted', 'billed'):
                raise coded_error(
                    'PAR-52',
                    self.env._(
                        "“%(line)s” is already ordered with %(purchase)s.",
                        line=line.name,
                        purchase=line.sudo().sublet_purchase_id.name,
                    ),
                )
            if not vendor or cost <= 0:
                raise coded_error(
                    'PAR-53',
                    self.env._("Choose the subcontractor of “%(line)s” and the price agreed with him.", line=line.name),
                )
            if line.product_id.type != 'service':
                raise coded_error(
                    'PAR-54',
                    self.env._(
                        "%(product)s is goods. Subcontracted work needs a service product; order goods through the parts room.",
                        product=line.product_id.display_name,
                    ),
                )
            purchases |= line._order_sublet_sudo(vendor, cost)
        self.order_id._advance()
        return purchases

    def _order_sublet_sudo(self, vendor, cost):
        """sudo: an advisor has no purchase rights; the order's right was checked, price and vendor are on the record."""
        self.ensure_one()
        company = self.company_id
        product = self.product_id
        purchase = (
            self.env['purchase.order']
            .sudo()
            .with_company(company)
            .create(
                {
                    'partner_id': vendor.id,
                    'company_id': company.id,
                    'currency_id': company.currency_id.id,
                    'origin': self.order_id.name,
                    'aftersales_order_id': self.order_id.id,
                    'order_line': [
                        fields.Command.create(
                            {
                                'product_id': product.id,
                                'name': f'{self.name} · {self.order_id.display_name}',
                                'product_qty': 1.0,
                                'product_uom_id': product.uom_id.id,
                                'price_unit': cost,
                                'discount': 0.0,
                                'date_planned': self.order_id.promised_at or fields.Datetime.now(),
                                'aftersales_line_id': self.id,
                            }
                        )
                    ],
                }
            )
        )
        # Creation takes the vendor's list price where there is one; the price agreed counts.
        line = purchase.order_line
        if line.price_unit != cost or line.discount:
            line.write({'price_unit': cost, 'discount': 0.0})
        purchase.button_confirm()
        if purchase.state == 'to approve':
            purchase.button_approve(force=True)
        self.order_id.message_post(
            body=self.env._(
                "“%(line)s” ordered from %(vendor)s with %(purchase)s.",
                line=self.name,
                vendor=vendor.display_name,
                purchase=purchase.name,
            )
        )
        return purchase

    def _accept_sublet(self):
        """Accept the subcontractor's work: its cost goes into the order's work in progress as an accrual.

        :raise UserError: PAR-55 not ordered
        """
        self._ensure_sublet_right()
        for line in self:
            if line.sublet_state != 'ordered':
                raise coded_error(
                    'PAR-55', self.env._("“%(line)s” is not ordered, or already accepted.", line=line.name)
                )
            ordered = line.sudo().purchase_line_ids.filtered(lambda po: po.state in ('purchase', 'done'))
            ordered.qty_received = 0.0
            for po in ordered:
                po.qty_received = po.product_qty
            line._guarded().sudo().write(
                {
                    'sublet_accepted_at': fields.Datetime.now(),
                    'sublet_accepted_by_id': self.env.uid,
                    'sublet_accrued_amount': sum(po._aftersales_cost() for po in ordered),
                }
            )
            line.order_id.message_post(body=self.env._("Subcontracted work “%(line)s” accepted.", line=line.name))
        self._sync_sublet_accrual_sudo()
        self.order_id._advance()

    def _cancel_sublet(self):
        """Cancel the purchase of work not billed; an accrual is taken back.

        :raise UserError: PAR-56 already billed
        """
        for line in self:
            if line.sublet_state == 'billed' or line.sudo().purchase_line_ids.invoice_lines.filtered(
                lambda item: item.parent_state == 'posted'
            ):
                raise coded_error(
                    'PAR-56',
                    self.env._(
                        "The bill of “%(line)s” is posted. Ask the vendor for a credit note first.", line=line.name
                    ),
                )
            # sudo: an advisor has no purchase rights; the right to the order was checked.
            ordered = line.sudo().purchase_line_ids.filtered(lambda po: po.state in ('purchase', 'done'))
            ordered.qty_received = 0.0
            line._guarded().sudo().write(
                {'sublet_accepted_at': False, 'sublet_accepted_by_id': False, 'sublet_accrued_amount': 0.0}
            )
            ordered.order_id.button_cancel()
        self._sync_sublet_accrual_sudo()

    def _sublet_target_account(self):
        """Return where the cost of subcontracted work goes now: work in progress, or cost once the order is settled.

        A late bill of a settled order never returns to work in progress, which nobody would clear again.

        :rtype: recordset of account.account
        """
        self.ensure_one()
        wip = self.company_id._aftersales_wip_account()
        if wip and not self.order_id._has_cleared_wip():
            return wip
        return self.product_id.with_company(self.company_id)._get_product_accounts()['expense']

    def _sync_sublet_accrual_sudo(self):
        """Bring the accrual of accepted work to what is not billed yet; posts only the difference.

        The accrual account holds, line by line, what was accepted and not billed; the other side is the order's
        work in progress (or cost, once settled). sudo: accepting books by rule, without accounting rights.
        """
        for company, lines in self.sudo().grouped('company_id').items():
            account = company._aftersales_accrual_account()
            if not company._aftersales_wip_account():
                continue
            if not account:
                raise coded_error(
                    'PAR-57',
                    self.env._(
                        "%(company)s has no account for goods and services received and not billed. "
                        "Set it in the after-sales settings.",
                        company=company.display_name,
                    ),
                )
            booked = {
                line.id: -balance
                for line, balance in self.env['account.move.line']
                .sudo()
                ._read_group(
                    [
                        ('account_id', '=', account.id),
                        ('aftersales_line_id', 'in', lines.ids),
                        ('parent_state', '=', 'posted'),
                    ],
                    ['aftersales_line_id'],
                    ['balance:sum'],
                )
            }
            vals = []
            for line in lines:
                due = company.currency_id.round(line._sublet_unbilled() - booked.get(line.id, 0.0))
                if not company.currency_id.is_zero(due):
                    vals.append(line._prepare_accrual_vals(account, due))
            if vals:
                Move = opened(self.env['account.move'].sudo().with_company(company))
                Move.create(vals)._post(soft=False)

    def _sublet_unbilled(self):
        """Return the accepted cost that no posted bill covers yet, in company currency."""
        self.ensure_one()
        ordered = self.purchase_line_ids.filtered(lambda po: po.state in ('purchase', 'done'))
        if not self.sublet_accepted_at or not ordered:
            return 0.0
        asked = sum(ordered.mapped('product_qty'))
        billed = sum(ordered._aftersales_billed_qty().values())
        return self.sublet_accrued_amount * max(0.0, 1.0 - billed / asked) if asked else 0.0

    def _prepare_accrual_vals(self, account, amount):
        """Return the journal entry that moves an amount (signed) from the accrual account into the order's cost."""
        self.ensure_one()
        company = self.company_id
        target = self._sublet_target_account()
        name = self.env._("%(order)s subcontracted: %(line)s", order=self.order_id.name, line=self.name)
        link = {
            'name': name,
            'partner_id': self.sublet_vendor_id.commercial_partner_id.id,
            'aftersales_order_id': self.order_id.id,
            'aftersales_line_id': self.id,
        }
        return {
            'move_type': 'entry',
            'journal_id': company.account_stock_journal_id.id,
            'ref': name,
            'line_ids': [
                fields.Command.create({**link, 'account_id': target.id, 'balance': amount}),
                fields.Command.create({**link, 'account_id': account.id, 'balance': -amount}),
            ],
        }
