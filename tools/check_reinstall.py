"""Read by `odoo shell`: uninstall the add-on, see that the ERP stays sound, install it again.

What our hooks make without an xmlid (picking types, locations, sequences) must be out of use while the add-on is
away, and found again, not made a second time, when it is back.
"""
MODULE = 'aftersales_service'
SCREENS = ('res.partner', 'res.company', 'product.template', 'stock.picking', 'stock.warehouse', 'account.move',
           'account.payment', 'hr.employee', 'purchase.order', 'calendar.event')
KINDS = ('stock.picking.type', 'stock.location', 'ir.sequence')
problems = []


def ours():
    """Return the records of KINDS that a warehouse of ours points to, and our sequences."""
    found = {kind: set() for kind in KINDS}
    for name, field in env['stock.warehouse']._fields.items():
        if name.startswith('aftersales_') and field.comodel_name in found:
            found[field.comodel_name].update(env['stock.warehouse'].search([]).mapped(name).ids)
    found['ir.sequence'].update(env['ir.sequence'].search([('code', '=like', 'aftersales.%')]).ids)
    return found


def totals():
    return {kind: env[kind].with_context(active_test=False).search_count([]) for kind in KINDS}


def leftovers(query):
    env.cr.execute(query)
    return [f"still there: {'.'.join(row)}" for row in env.cr.fetchall()]


def receive_goods():
    """Do a day's work of the ERP without us."""
    warehouse = env['stock.warehouse'].search([], limit=1)
    product = env['product.product'].create({'name': "Without us", 'is_storable': True})
    move = env['stock.move'].create({
        'product_id': product.id, 'product_uom_qty': 1, 'picking_type_id': warehouse.in_type_id.id,
        'location_id': env.ref('stock.stock_location_suppliers').id, 'location_dest_id': warehouse.lot_stock_id.id,
    })
    move._action_confirm()
    move.picked = True
    move._action_done()
    assert move.state == 'done' and product.qty_available == 1


before, count = ours(), totals()
env['ir.module.module'].search([('name', '=', MODULE)]).button_immediate_uninstall()

problems += leftovers("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'aftersales\\_%'")
problems += leftovers(
    "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE 'aftersales\\_%'")
problems += leftovers("SELECT module, name FROM ir_model_data WHERE module = 'aftersales_service'")
for kind, ids in before.items():
    problems += [f"still in use: {kind} {record.display_name}" for record in env[kind].search([('id', 'in', list(ids))])]
for name in SCREENS:
    env[name].get_views([(False, 'list'), (False, 'form')])
receive_goods()
env.cr.rollback()

env['ir.module.module'].search([('name', '=', MODULE)]).button_immediate_install()
if ours() != before:
    problems.append(f"made anew instead of found again: {before} became {ours()}")
if totals() != count:
    problems.append(f"there are more or fewer than before: {count} became {totals()}")
if problems:
    raise SystemExit('\n'.join(problems))
