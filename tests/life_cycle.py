"""The whole life of an order, step by step, each with the rights of the person who does it.

Played by the budget tests and by benchmarks/, so that both count the same thing.
"""
from odoo import Command, fields

from .common import SIGNATURE


class LifeCycle:
    """Mixed into a class with the factories of common.py."""

    @classmethod
    def _open_life_cycle(cls, size='small', parts=20):
        """Open a shop with people, accounts, prices and parts on the shelf; gates at the level shipped for this size."""
        cls._make_workshop()
        cls._open_till()
        cls.company.action_aftersales_apply_defaults(size)
        cls._make_labour_rate(226.0)
        cls.labour_items = [cls._make_labour_item(f"Labour {number}", hours=0.5) for number in range(3)]
        cls.shelf = [
            cls._make_part(f"Shelf part {number}", cost=100.0, price=226.0, on_hand=100000) for number in range(parts)
        ]
        cls.customer.phone = '13812345678'
        cls.people = {role: cls._role(role) for role in (
            'advisor', 'dispatcher', 'team_leader', 'technician', 'inspector', 'parts_keeper', 'cashier',
        )}
        cls.other_payers = cls.env['res.partner'].create([{'name': "Fleet Owner"}, {'name': "Friend"}])

    @classmethod
    def _as(cls, role, record):
        return record.with_user(cls.people[role])

    @classmethod
    def _receive_car(cls):
        """Let a car come in and be walked round, which an order does not need; returns the visit."""
        vehicle = cls._make_vehicle()
        visit = cls.env['aftersales.visit'].create({
            'company_id': cls.company.id, 'vehicle_id': vehicle.id, 'partner_id': vehicle.partner_id.id, 'odometer': 12000,
        })
        visit._arrive()
        cls._check_in_completely(visit)._finish()
        return visit

    @classmethod
    def _life_cycle_steps(cls, visit, parts=5, payers=1):
        """Yield (name of the step, function) from the order to the payment; each function is one press of a button."""
        found = {}

        def open_order():
            found['order'] = order = cls._as('advisor', cls.env['aftersales.repair.order']).create({
                'vehicle_id': visit.vehicle_id.id, 'company_id': cls.company.id,
                'promised_at': fields.Datetime.add(fields.Datetime.now(), hours=4), 'wash_wanted': False,
                'visit_ids': [Command.link(visit.id)],
            })
            job = order._add_job("It squeaks when braking")
            order.env['aftersales.repair.line'].create([
                *({'job_id': job.id, 'kind': 'part', 'product_id': part.id, 'quantity': 2} for part in cls.shelf[:parts]),
                *({'job_id': job.id, 'kind': 'labour', 'labour_item_id': item.id} for item in cls.labour_items),
            ])
            if payers == 3:
                others = order.env['aftersales.repair.payer'].create([
                    {'order_id': order.id, 'kind': 'customer', 'partner_id': partner.id, 'sequence': 70}
                    for partner in cls.other_payers
                ])
                job._set_shares([
                    (others[0], 'percent', 30), (others[1], 'percent', 20), (order._payer('customer'), 'rest', 0),
                ])

        def as_(role):
            return cls._as(role, found['order'])

        def sign():
            as_('advisor').estimate_ids._sign("Mr Wang", SIGNATURE)

        def dispatch():
            if not found['order'].sudo().handover_ids:
                as_('dispatcher')._hand_over(cls.dispatcher)
            found['operations'] = as_('dispatcher')._dispatch(team=cls.team, bay=cls.bay, technicians=cls.tech).ids

        def operations(role):
            return cls._as(role, cls.env['aftersales.operation'].browse(found['operations']))

        def start():
            for operation in operations('technician'):
                last = cls.env['aftersales.labour.time'].search(
                    [('employee_id', '=', cls.tech.id)], order='stop desc', limit=1).stop
                start = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
                operation._start(at=max(start, last) if last else start)

        def finish():
            for operation in operations('technician'):
                operation._record("Replaced and checked", cause="Worn", correction="Replaced")
                operation._finish()

        def pay():
            as_('cashier').settlement_ids[:1]._pay(cls.journals['wechat'])

        yield 'order', open_order
        yield 'estimate', lambda: as_('advisor')._issue_estimate()
        yield 'consent', sign
        yield 'dispatch', dispatch
        yield 'request', lambda: as_('technician')._request_parts()
        yield 'issue', lambda: as_('parts_keeper')._issue_parts(receiver=cls.tech)
        yield 'accept', lambda: operations('team_leader')._accept()
        yield 'clock on', start
        yield 'clock off', finish
        yield 'self check', lambda: operations('technician')._self_check()
        yield 'leader check', lambda: as_('team_leader')._check('leader', True)
        yield 'inspection', lambda: as_('inspector')._check('final', True)
        yield 'verify', lambda: as_('cashier').action_verify_lines()
        yield 'settle', lambda: as_('cashier')._settle()
        yield 'pay', pay
        cls.played = found['order'].sudo()
