"""What the day left behind: the orders, and whether stock, books and orders agree to the cent."""

import unicodedata

from .people import people_figures, print_people
from .tools import tool_figures


def table(env, orders=None):
    """Print the orders of the day and the agreement of the books.

    :param dict orders: `{title: order}` from `play`; all orders of the main company unless given.
    :return: the figures, see `agreement`.
    :rtype: dict
    """
    company = env.ref('base.main_company')
    if not orders:
        found = env['aftersales.repair.order'].search([('company_id', '=', company.id)], order='id')
        orders = {order.name: order for order in found}
    labels = dict(env['aftersales.repair.order']._fields['state']._description_selection(env))
    outcomes = dict(env['aftersales.repair.order']._fields['outcome']._description_selection(env))
    wip = env['aftersales.repair.order'].union(*orders.values())._wip_balance()
    print(_row('工单', '业务', '车牌', '状态', '结果', '金额', '应收', '在修成本'))
    for title, order in orders.items():
        print(
            _row(
                order.name,
                title,
                order.license_plate or '—',
                labels[order.state],
                outcomes[order.outcome],
                f'{order.amount_total:.2f}',
                f'{order.amount_due:.2f}',
                f'{wip[order]:.2f}',
            )
        )
    figures = agreement(env, company)
    print()
    for name, value in figures.items():
        print(f'  {name}: {value}')
    print()
    for name, value in tool_figures(env, company).items():
        print(f'  {name}: {value}')
    print()
    print_people(env, company, _row)
    print()
    for name, value in people_figures(env, company).items():
        print(f'  {name}: {value}')
    return figures


def agreement(env, company):
    """Return what must be true at the end of any day.

    :return: integrity findings, WIP of finished orders, differences of shares, stock and trial balance.
    :rtype: dict
    """
    orders = env['aftersales.repair.order'].search([('company_id', '=', company.id)])
    wip, parts = orders._wip_balance(), orders._parts_cost()
    finished = orders.filtered(lambda order: order.is_settled or order.outcome == 'cancelled')
    lines = env['account.move.line'].search([('company_id', '=', company.id), ('parent_state', '=', 'posted')])
    issued = returned = moved = 0.0
    for line in orders.line_ids:
        issued, returned = issued + line.issued_qty, returned + line.returned_qty
    for move in env['stock.move'].search([('aftersales_line_id', 'in', orders.line_ids.ids), ('state', '=', 'done')]):
        moved += move.quantity * (-1 if move.origin_returned_move_id else 1)
    exact = company.currency_id.round
    return {
        'integrity_findings': [finding['message'] for finding in company._aftersales_integrity()],
        'wip_of_finished_orders': exact(sum(abs(wip[order]) for order in finished)),
        'wip_differs_from_facts': exact(
            sum(
                abs(wip[order] - parts[order] - sum(order.line_ids.mapped('sublet_accrued_amount')))
                for order in orders - finished
            )
        ),
        'shares_differ_from_totals': exact(
            sum(
                abs(
                    sum(order.payer_ids.mapped('amount_total'))
                    # What the manufacturer cut belongs to no payer while it is undecided, or when it is written off.
                    + sum(order.line_ids.transfer_ids.filtered(lambda cut: not cut.to_payer_id).mapped('amount'))
                    + order.amount_credited
                    + order.amount_rounded
                    - order.amount_total
                )
                for order in orders
                if not order.has_undecided
            )
        ),
        'stock_differs_from_lines': abs(moved - (issued - returned)),
        'trial_balance': exact(sum(lines.mapped('balance'))),
    }


def _row(*cells):
    """Return a row of fixed columns; a Chinese character takes two places."""
    widths = (22, 26, 12, 10, 10, 11, 11, 11)
    text = []
    for cell, width in zip(cells, widths, strict=True):
        places = sum(2 if unicodedata.east_asian_width(char) in 'WF' else 1 for char in cell)
        text.append(cell + ' ' * max(width - places, 1))
    return ''.join(text)
