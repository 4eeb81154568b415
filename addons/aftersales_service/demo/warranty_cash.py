"""From claim to cash: the manufacturer's list of the month credits, cuts and refuses, with a bonus beside it."""

from odoo import Command

ACCOUNTANT = 'accountant'


def play_cash(day, claims=None):
    """Play the manufacturer's statement over the claims he has: one in full, one short, one refused.

    :param day: the shop, see `Shop`.
    :param claims: claims that wait for their answer; all of the company unless given.
    :return: the statement, empty when no claim waits.
    """
    company = day.company
    Claim = day.env['aftersales.warranty.claim']
    waiting = claims if claims is not None else Claim.search([
        ('company_id', '=', company.id), ('state', 'in', ('submitted', 'queried', 'approved', 'partly')), ('booked_at', '=', False),
        ('settlement_id.state', '=', 'awaiting_approval'),
    ], order='id')
    statements = day.env['aftersales.warranty.statement']
    if not waiting:
        return statements
    partner = waiting[0].partner_id
    waiting = waiting.filtered(lambda claim: claim.partner_id == partner)
    template = day.env['aftersales.statement.template'].create({
        'name': f'{partner.name} 索赔结算单', 'company_id': company.id, 'brand_id': waiting[0].brand_id.id,
        'column_their_number': '索赔单号', 'column_our_number': '服务站单号', 'column_vin': '车架号', 'column_day': '维修日期',
        'column_amount': '结算金额', 'column_note': '备注', 'extra_numbers': '奖励,手续费',
    })
    rows = []
    for number, claim in enumerate(waiting, 1):
        # What was answered before comes as it was answered; what still waited is refused.
        amount = claim.approved_total if claim.decided_at else 0.0
        note = '' if amount == claim.claimed_total else '工时核减' if amount else '旧件未见故障'
        reason = 'aftersales_service.reason_claim_hours' if amount else 'aftersales_service.reason_claim_old_part'
        rows.append({
            'their_number': claim.manufacturer_number or f'SP{company._aftersales_today():%Y%m}{number:04d}', 'our_number': claim.name,
            'vin': claim.vin, 'amount': amount, 'note': note, 'reason_id': day.env.ref(reason).id if note else False,
        })
    rows.append({'kind': 'extra', 'their_number': '奖励', 'amount': 226.0, 'note': '季度索赔质量奖励'})
    statement = statements.create({
        'partner_id': partner.id, 'brand_id': waiting[0].brand_id.id, 'company_id': company.id, 'template_id': template.id,
        'number': f'JS-{company._aftersales_today():%Y%m}', 'stated_total': sum(row['amount'] for row in rows),
        'line_ids': [Command.create(row) for row in rows],
    })
    statement._match()
    statement = day.as_(ACCOUNTANT, statement)
    statement._post()
    cut = waiting.filtered(lambda claim: claim.rest_state == 'open').sorted('claimed_total')
    if cut:
        day.as_(ACCOUNTANT, cut[0])._resolve_rest('goodwill', reason=day.reason('goodwill', 'courtesy'), note='工时差额由店方承担')
    if len(cut) > 1:
        # Above the limit: waits for a second person on the list of rests.
        day.as_(ACCOUNTANT, cut[1])._resolve_rest('write_off', note='旧件检测未发现故障')
    if invoice := statement.sudo().move_id:
        # The manufacturer transfers half at once; the rest is on the ageing list.
        day.env['account.payment.register'].with_context(active_model='account.move', active_ids=invoice.ids).create({
            'amount': company.currency_id.round(invoice.amount_residual / 2), 'payment_difference_handling': 'open',
            'journal_id': day.journal('bank').id,
        })._create_payments()
    return statement
