from odoo import api, fields, models

from ...models.base.errors import coded_error


class AftersalesCounterSale(models.TransientModel):
    """Dialog: sell parts over the counter. Scan them, take the money; issue and settlement follow by themselves."""

    _name = 'aftersales.counter.sale'
    _description = "Counter Sale"

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    partner_id = fields.Many2one('res.partner', "Customer", help="Empty: the walk-in customer.")
    scan = fields.Char("Scan", store=False, help="Scan or type the number of a part, then Enter.")
    scan_note = fields.Char(readonly=True, store=False)
    line_ids = fields.One2many('aftersales.counter.sale.line', 'sale_id')
    amount_total = fields.Monetary("To Pay", compute='_compute_amount_total')
    journal_id = fields.Many2one(
        'account.journal',
        "Means",
        domain="[('company_id', '=', company_id), ('aftersales_means', '!=', False)]",
        compute='_compute_journal_id',
        store=True,
        readonly=False,
    )
    on_account = fields.Boolean(compute='_compute_on_account')

    @api.depends('company_id')
    def _compute_journal_id(self):
        for sale in self:
            sale.journal_id = self.env['account.journal'].sudo().search(
                [('company_id', '=', sale.company_id.id), ('aftersales_means', '=', 'cash')], limit=1
            )

    @api.depends('line_ids.amount')
    def _compute_amount_total(self):
        for sale in self:
            sale.amount_total = sum(sale.line_ids.mapped('amount'))

    @api.depends('partner_id')
    def _compute_on_account(self):
        # sudo: whether somebody has an account decides a button here; who grants it is another matter.
        for sale in self:
            partner = sale.partner_id.commercial_partner_id.sudo().with_company(sale.company_id)
            sale.on_account = partner.aftersales_on_account

    @api.onchange('scan')
    def _onchange_scan(self):
        """Count a scanned part into the sale, one more each time."""
        code = (self.scan or '').strip()
        self.scan = False
        self.scan_note = False
        if not code:
            return
        part = self.env['product.product'].search(
            [('is_storable', '=', True), '|', ('barcode', '=', code), ('default_code', '=ilike', code)], limit=1
        )
        if not part:
            self.scan_note = self.env._("No part has the number “%(code)s”.", code=code)
            return
        row = self.line_ids.filtered(lambda line: line.product_id == part)[:1]
        if row:
            row.quantity += 1
        else:
            self.line_ids += self.env['aftersales.counter.sale.line'].new({'product_id': part.id, 'quantity': 1.0})

    def action_sell(self):
        """Issue, settle and take the money."""
        return self._sell(paid=True)

    def action_on_account(self):
        return self._sell(paid=False)

    def _sell(self, paid):
        self.ensure_one()
        if paid and not self.journal_id:
            raise coded_error('SET-42', self.env._("Choose how the customer pays."))
        order = self.env['aftersales.repair.order']._counter_sale(
            [(line.product_id, line.quantity) for line in self.line_ids],
            [(self.journal_id, None, None)] if paid else [],
            partner=self.partner_id or None,
        )
        return order.action_print_statement()
