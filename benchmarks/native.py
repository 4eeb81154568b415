"""The same goods sold by Odoo itself: quotation, delivery, invoice, payment. What it costs is the measure of ours."""
from odoo import Command

ROLES = ('sales_team.group_sale_salesman', 'stock.group_stock_user', 'account.group_account_invoice')


def seller(shop):
    """Return the person who does it all, with the rights it takes and no more: rights are checked, as ours are."""
    env = shop.env
    return env['res.users'].search([('login', '=', 'bench_seller')]) or env['res.users'].create({
        'name': "Seller", 'login': 'bench_seller', 'company_id': shop.company.id,
        'company_ids': [Command.set(shop.company.ids)],
        'group_ids': [Command.link(env.ref(role).id) for role in ROLES],
    })


def sell(shop, parts=5):
    """Yield (name of the step, function), as `LifeCycle._life_cycle_steps` does: same parts, same hours, same journal.

    :param shop: class with the factories of tests/common.py and `_open_life_cycle` done.
    """
    env = shop.env(user=seller(shop))
    found = {}

    def quote():
        found['order'] = env['sale.order'].create({
            'partner_id': shop.customer.id, 'company_id': shop.company.id, 'warehouse_id': shop.warehouse.id,
            'order_line': [
                *(Command.create({'product_id': part.id, 'product_uom_qty': 2}) for part in shop.shelf[:parts]),
                *(Command.create({
                    'product_id': item.product_id.id, 'name': item.name, 'product_uom_qty': 0.5, 'price_unit': 226.0,
                }) for item in shop.labour_items),
            ],
        })

    def deliver():
        picking = found['order'].picking_ids
        picking.move_ids.picked = True
        picking.button_validate()

    def invoice():
        found['invoice'] = found['order']._create_invoices()

    def pay():
        env['account.payment.register'].with_context(
            active_model='account.move', active_ids=found['invoice'].ids,
        ).create({'journal_id': shop.journals['wechat'].id})._create_payments()

    yield 'quotation', quote
    yield 'sent', lambda: found['order'].action_quotation_sent()
    yield 'confirm', lambda: found['order'].action_confirm()
    yield 'delivery', deliver
    yield 'invoice', invoice
    yield 'post', lambda: found['invoice'].action_post()
    yield 'payment', pay
    order, bill = found['order'].sudo(), found['invoice'].sudo()
    assert order.picking_ids.state == 'done', "the delivery is not done"
    assert len(bill.invoice_line_ids) == parts + len(shop.labour_items), "a line is not invoiced"
    assert bill.payment_state in ('paid', 'in_payment'), "the invoice is not paid"
    assert any(line.display_type == 'cogs' for line in bill.line_ids), "the cost is not booked"
