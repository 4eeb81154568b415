"""Claims of the demo dealership: terms of the manufacturer, one claim approved, one cut, one asked back."""

from odoo import fields

from . import warranty_old_parts
from .shop import DRAWING


def agree_terms(day):
    """Enter what the manufacturer pays: cost × 1.33, 3 % handling, 30 days, pre-authorisation above 5,000."""
    env = day.env
    brand = day.get('brand')
    env['aftersales.warranty.terms'].create({
        'brand_id': brand.id,
        'date_from': '2026-01-01',
        'part_factor': 1.33,
        'handling_method': 'percent',
        'handling_value': 3.0,
        'submit_days': 30,
        'permit_amount': 5000.0,
        'supervisor_review': False,
        'note': '索赔单须附旧件照片；旧件保存 90 天待查。',
    })
    env['aftersales.warranty.document.type'].create(
        {'name': '旧件照片（含零件号）', 'brand_id': brand.id, 'source': 'old_part', 'is_required': True})
    month = fields.Date.today().replace(day=1)
    env['aftersales.vehicle.sales'].create([
        {'month': fields.Date.subtract(month, months=months), 'amount': amount, 'note': '整车销售台账'}
        for months, amount in ((0, 2180000.0), (1, 2465000.0), (2, 2310000.0))
    ])


def claim_warranty(day):
    """Two warranty repairs from the car to the manufacturer's answer; a third claim is asked back."""
    whole = _repair(day, '苏E7H30N', '冷却液灯亮', '水泵渗漏', 'L-PMP', '16100-39466',
                    symptom='冷却液减少', cause='水封失效', correction='更换水泵总成')
    day.keep('索赔:全额批准', whole.order_id)
    _send(day, whole, 'RT-2611-0041')
    day.as_('clerk', whole)._decide()
    cut = _repair(day, '苏E6C20D', '怠速抖动', '怠速抖动', 'L-THR', '22030-0T090',
                  symptom='冷车怠速 600–900 r/min 波动', cause='节气门电机齿轮磨损', correction='更换节气门体并匹配')
    day.keep('索赔:扣减工时', cut.order_id)
    _send(day, cut, 'RT-2611-0042')
    labour = cut.line_ids.filtered(lambda line: line.kind == 'labour')[:1]
    day.as_('clerk', cut)._decide(
        {labour: round(labour.claimed_amount * 0.7, 2)}, {labour: day.reason('claim', 'hours')},
        {labour: '标准工时 0.7'})
    asked = day.orders['事故:三方分摊'].claim_ids[:1].with_env(day.env)
    if asked and asked.state == 'draft':
        _send(day, asked, False)
        day.as_('clerk', asked)._query('请补充旧件零件号照片')


def leave_on_the_desk(day):
    """One claim to mend and send, one with the manufacturer, one cut by letter; an old part called back and packed."""
    draft = _repair(day, '苏E52KQ9', '早上打不着车', '蓄电池亏电', 'L-BAT', '28800-YZZ60',
                    symptom='静置一夜无法起动', cause='蓄电池单格短路', correction='更换蓄电池', wash=False)
    day.keep('索赔:待提交', draft.order_id)
    sent = _repair(day, '苏ED41853', '右前玻璃升到一半停', '玻璃升降电机卡滞', 'L-WIN', '85720-02230',
                   symptom='升降至中段停止', cause='电机防夹模块误触发', correction='更换升降电机并初始化', wash=False)
    day.keep('索赔:厂家审核中', sent.order_id)
    _send(day, sent, 'RT-2611-0047')
    cut = _repair(day, '苏E1M48G', '水温偏高', '水泵异响', 'L-PMP', '16100-39466',
                  symptom='冷车起动异响', cause='轴承磨损', correction='更换水泵总成', wash=False)
    day.keep('索赔:来函扣减', cut.order_id)
    _send(day, cut, 'RT-2611-0048')
    labour = cut.line_ids.filtered(lambda line: line.kind == 'labour')[:1]
    day.as_('clerk', cut)._decide(
        {labour: round(labour.claimed_amount / 2, 2)}, {labour: day.reason('claim', 'hours')}, {labour: '与更换节温器工时重叠'})
    send_back = day.env['aftersales.old.part'].search([('order_id', '=', sent.order_id.id), ('state', '=', 'stored')])
    warranty_old_parts.pack(day, send_back, 'DH-补')


def _repair(day, plate, words, name, labour, part, wash=True, **story):
    """Play a warranty repair until its claim is drafted, and return the claim."""
    order = day.order(day.arrive(plate, words), wash_wanted=wash)
    job = day.job(order, name, [labour], [part], payer_kind='warranty', **story)
    day.sign(order)
    day.dispatch(order)
    day.issue(order)
    parts = job.line_ids.filtered(lambda line: line.kind == 'part')
    for line in parts:
        day.as_('tech1', line)._tag_old_part(photos=[DRAWING])
    day.finish(order)
    return job.claim_ids.with_env(day.env)


def _send(day, claim, number):
    """Check and send a claim; what is still red, the service manager passes with a reason."""
    clerk = day.as_('clerk', claim)
    clerk._check()
    red = clerk._open_blockers('submitted')[clerk]
    if any(blocker.level == 'override' for blocker in red):
        claim._override('submitted', day.reason('override'), '已核对纸质单据')
    clerk._submit()
    if number:
        clerk.manufacturer_number = number
