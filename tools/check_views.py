"""Read by `odoo shell` after an update: each view of ours, and each screen an action opens, must still be valid."""
MODULE = 'aftersales_service'
failures = []


def records(model):
    data = env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', model)])
    return env[model].browse(data.mapped('res_id')).exists()


for view in records('ir.ui.view'):
    try:
        view.with_context(load_all_views=True)._check_xml()
    except Exception as error:
        failures.append(f"{view.xml_id}: {error}")
for action in records('ir.actions.act_window'):
    try:
        env[action.res_model].get_views(action.views)
    except Exception as error:
        failures.append(f"{action.xml_id}: {error}")
if failures:
    raise SystemExit('\n'.join(failures))
