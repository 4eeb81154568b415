"""The same goods sold by Odoo itself: quotation, delivery, invoice, payment. Its queries are the floor of ours."""
from odoo import Command


def sell(shop, parts=5):
    """Yield (name of the step, function), as `LifeCycle._life_cycle_steps` does.

    :param shop: class with the factories of tests/common.py and `_open_life_cycle` done.
    """
    env, found = shop.env, {}

    def quote():
        found['order'] = env['sale.order'].create({
            'partner_id': shop.customer.id, 'company_id': shop.company.id, 'warehouse_id': shop.warehouse.id,
            'order_line': [Command.create({'product_id': part.id, 'product_uom_qty': 2}) for part in shop.shelf[:parts]],
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
        ).create({'journal_id': shop.journals['bank'].id})._create_payments()

    yield 'quotation', quote
    yield 'confirm', lambda: found['order'].action_confirm()
    yield 'delivery', deliver
    yield 'invoice', invoice
    yield 'post', lambda: found['invoice'].action_post()
    yield 'payment', pay
    assert found['order'].picking_ids.state == 'done', "the delivery is not done"
    assert found['invoice'].payment_state in ('paid', 'in_payment'), "the invoice is not paid"
