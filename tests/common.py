"""What every test of the add-on stands on: one dealership, made from nothing.

Derive from `AftersalesCommon` (database), `AftersalesHttpCase` (browser, tours, controllers) or
`AftersalesPureCase` (rules without a database); `AftersalesConcurrencyCase` stands in concurrency.py. The tags sit on
these classes and are inherited, so that pytest and `--test-tags /aftersales_service` run the same tests.

Each room keeps its factories in its own mixin below, in building order.
"""
import base64
import io
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import xlsxwriter

from odoo import Command, fields
from odoo.tests import BaseCase, HttpCase, TransactionCase, tagged
from odoo.tests.common import ChromeBrowser

from odoo.addons.aftersales_service.rules import vin as vin_rules

from .ground import LAID, MODULE, GroundFactory

# A white point: the smallest drawing that passes as a signature.
SIGNATURE = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=='


@tagged('post_install', '-at_install', 'standard', MODULE)
class AftersalesPureCase(BaseCase):
    """For `rules/`: no database. A plain unittest.TestCase would be skipped by Odoo's own runner."""


# === ROOMS, in building order: each room's factories, `_make_<record>` === #


class BaseFactory:
    """base"""

    @classmethod
    def _set_gate(cls, code, level, *profiles):
        """Set how strict a gate is in the test company: on these profiles, on all that have it unless given."""
        gates = cls.env['aftersales.profile.gate'].search([
            ('company_id', '=', cls.company.id), ('code', '=', code),
            *([('profile_id.code', 'in', profiles)] if profiles else []),
        ])
        assert gates, f"no profile has the gate {code}"
        gates.level = level
        return gates

    @classmethod
    def _reason(cls, kind, code=None):
        """Return the first shipped reason of a kind, or the one with this code."""
        return cls.env['aftersales.reason'].search(
            [('kind', '=', kind), *([('code', '=', code)] if code else [])], limit=1,
        )

    @classmethod
    def _make_employee(cls, name="Master Li", user=None, **values):
        """Create an employee of the dealership, with a trade and the right to move cars."""
        return cls.env['hr.employee'].create({
            'name': name,
            'company_id': cls.company.id,
            'user_id': user.id if user else False,
            'aftersales_trade': 'mechanical',
            'aftersales_can_drive': True,
            **values,
        })


class VehicleFactory:
    """vehicle: `_make_brand`, `_make_model`, `_make_vehicle_model`, `_make_vin`, `_make_vehicle`"""

    _vehicle_number = 10000

    @classmethod
    def _make_brand(cls, name="Volkswagen", **values):
        """Return the brand of this name, made at the first call."""
        return cls.env['aftersales.vehicle.brand'].search([('name', '=', name)], limit=1) or (
            cls.env['aftersales.vehicle.brand'].create({'name': name, **values}))

    @classmethod
    def _make_model(cls, name="Golf", brand="Volkswagen", **values):
        """Return the model of this name, made at the first call."""
        found = cls.env['aftersales.vehicle.model'].search(
            [('name', '=', name), ('brand_id.name', '=', brand)], limit=1)
        return found or cls.env['aftersales.vehicle.model'].create(
            {'name': name, 'brand_id': cls._make_brand(brand).id, **values})

    @classmethod
    def _make_vin(cls, number=None):
        """Return a VIN with its right check digit, another one at each call unless a number is given."""
        if number is None:
            VehicleFactory._vehicle_number += 1
            number = VehicleFactory._vehicle_number
        return vin_rules.with_check_digit(f'LFMAP22C0C0{number:06}')

    @classmethod
    def _make_vehicle(cls, license_plate=None, **values):
        """Create a car of the customer with plate, VIN and model; each one different.

        `_make_vehicle('京A·88888', odometer=5000)`; `vin=False` or `model_id=False` leave them out.
        """
        VehicleFactory._vehicle_number += 1
        number = VehicleFactory._vehicle_number
        return cls.env['aftersales.vehicle'].create({
            'license_plate': license_plate or f'苏E{number:05}',
            'vin': cls._make_vin(),
            'engine_no': f'E{number}',
            'partner_id': cls.customer.id,
            'company_id': cls.company.id,
            **({} if 'model_id' in values else {'model_id': cls._make_vehicle_model().id}),
            **values,
        })

    @classmethod
    def _make_vehicle_model(cls, name="Swift 1.5T"):
        """Find or create a model of the test brand, whose claims a manufacturer pays."""
        model = cls.env['aftersales.vehicle.model'].search([('name', '=', name)], limit=1)
        if model:
            return model
        manufacturer = cls.env['res.partner'].create({'name': "Ruitu Motor", 'is_company': True})
        brand = cls._make_brand("Ruitu", claim_partner_id=manufacturer.id)
        return cls.env['aftersales.vehicle.model'].create({'name': name, 'brand_id': brand.id})


class CatalogueFactory:
    """catalogue"""

    @classmethod
    def _make_labour_item(cls, name="Replace brake pads", hours=1.0, code=None, times=None, **values):
        """Create a labour item; `times` is {model group: hours}."""
        return cls.env['aftersales.labour.item'].create({
            'name': name,
            'code': code or f"L{cls.env['aftersales.labour.item'].search_count([]) + 1:04}",
            'book_hours': hours,
            'time_ids': [
                Command.create({'model_group_id': group.id, 'hours': own}) for group, own in (times or {}).items()
            ],
            **values,
        })

    @classmethod
    def _make_labour_rate(cls, price=226.0, payer_kind=False, skill=False, brand=None, date='2020-01-01', **values):
        """Create a price per hour; it holds for every payer, skill and brand unless told."""
        return cls.env['aftersales.labour.rate'].create({
            'price_per_hour': price,
            'payer_kind': payer_kind,
            'skill': skill,
            'brand_id': brand.id if brand else False,
            'date_from': date,
            'company_id': cls.company.id,
            **values,
        })

    @classmethod
    def _make_package(cls, name="Small service", labour=(), parts=(), fixed_price=None, **values):
        """Create a package of labour items and of parts, given as (product, quantity)."""
        return cls.env['aftersales.package'].create({
            'name': name,
            'company_id': cls.company.id,
            'is_fixed_price': fixed_price is not None,
            'fixed_price': fixed_price or 0.0,
            'line_ids': [
                *(Command.create({'kind': 'labour', 'labour_item_id': item.id}) for item in labour),
                *(Command.create({'kind': 'part', 'product_id': part.id, 'quantity': quantity})
                  for part, quantity in parts),
            ],
            **values,
        })


class ReceptionFactory:
    """reception"""

    # The smallest picture there is: one transparent pixel.
    PIXEL = b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

    @classmethod
    def _make_car(cls, plate='京A12345', partner=None, **values):
        return cls.env['aftersales.vehicle'].create({
            'license_plate': plate,
            'partner_id': (partner or cls.customer).id,
            'company_id': cls.company.id,
            **values,
        })

    @classmethod
    def _make_visit(cls, car=None, arrive=True, **values):
        """Create a visit; a car for repair that has arrived unless told otherwise."""
        visit = cls.env['aftersales.visit'].create({
            'company_id': cls.company.id,
            'vehicle_id': car.id if car else False,
            **values,
        })
        if arrive:
            visit._arrive()
        return visit

    @classmethod
    def _make_appointment(cls, car=None, start_at=None, **values):
        """Create a request for an appointment, tomorrow at ten in Shanghai unless told otherwise."""
        if start_at is None:
            tomorrow = cls.company._aftersales_today() + timedelta(days=1)
            start_at = cls.company._aftersales_moment(tomorrow) + timedelta(hours=10)
        return cls.env['aftersales.appointment'].create({
            'company_id': cls.company.id,
            'vehicle_id': car.id if car else False,
            'partner_id': car.partner_id.id if car else False,
            'start_at': start_at,
            **values,
        })

    @classmethod
    def _check_in_completely(cls, visit):
        """Give a visit everything the large shop's intake asks for and return its open sheet."""
        sheet = visit._sheets()[:1] or visit._create_check_in()
        sheet.write({
            'covers_fitted': True,
            'fuel_level': '1_2',
            'signed_by': "Mr Wang",
            'signature': cls.PIXEL,
            'photo_ids': [Command.create({'zone': zone, 'image': cls.PIXEL}) for zone in ('front', 'rear', 'left', 'right')],
        })
        visit.write({
            'gate_card_no': f'G{visit.id}',
            'odometer': (visit.vehicle_id.odometer or 20000) + 10,
            'no_belongings': True,
            'valuables_reminded': True,
            'custody_ids': [Command.create({'kind': 'key'}), Command.create({'kind': 'licence'})],
            'request': "Oil change, and it squeaks when braking",
        })
        vin = vin_rules.with_check_digit(f'LSVAA49J1320{visit.id % 100000:05d}')
        visit.vehicle_id.write({'vin': visit.vehicle_id.vin or vin})
        visit.vehicle_id.model_id = visit.vehicle_id.model_id or cls._any_model()
        visit.partner_id.phone = visit.partner_id.phone or '13812345678'
        return sheet

    @classmethod
    def _any_model(cls):
        """Return a vehicle model, made at the first call."""
        Model = cls.env['aftersales.vehicle.model']
        return Model.search([('name', '=', "Reception model")], limit=1) or Model.create({
            'name': "Reception model",
            'brand_id': cls.env['aftersales.vehicle.brand'].create({'name': "Reception brand"}).id,
        })


class RepairFactory:
    """repair"""

    @classmethod
    def _make_order(cls, vehicle=None, profile='standard', parts=(), labour=(), payer_kind='customer', **values):
        """Create an order with one job of these lines.

        :param parts: products, or tuples (product, quantity).
        :param labour: labour items.
        """
        vehicle = vehicle or cls._make_vehicle()
        order = cls.env['aftersales.repair.order'].create({
            'vehicle_id': vehicle.id, 'profile_id': cls.company._aftersales_profile(profile).id, 'company_id': cls.company.id,
            'promised_at': fields.Datetime.add(fields.Datetime.now(), hours=4), **values,
        })
        if parts or labour:
            cls._make_job(order, parts=parts, labour=labour, payer_kind=payer_kind)
        return order

    @classmethod
    def _make_job(cls, order, name="It squeaks when braking", parts=(), labour=(), payer_kind='customer', **values):
        """Add a job with these lines to an order."""
        job = order._add_job(name, payer_kind=payer_kind, **values)
        rows = [(part, 1.0) if not isinstance(part, tuple) else part for part in parts]
        cls.env['aftersales.repair.line'].create([
            *({'job_id': job.id, 'kind': 'labour', 'labour_item_id': item.id} for item in labour),
            *({'job_id': job.id, 'kind': 'part', 'product_id': part.id, 'quantity': quantity} for part, quantity in rows),
        ])
        return job

    @staticmethod
    def _codes(record, target):
        """Return the codes of the reasons that keep a record from a target."""
        return {blocker.code for blocker in record._open_blockers(target)[record]}

    @classmethod
    def _approve(cls, order, name="Mr Wang"):
        """Issue the estimate and let the customer sign it."""
        estimate = order._issue_estimate()
        estimate._sign(name, SIGNATURE)
        return estimate


class WorkshopFactory:
    """workshop"""

    @classmethod
    def _make_workshop(cls):
        """Make a team of two technicians and a leader, an inspector and a bay, each with a login of the role.

        Sets `tech`, `tech2`, `leader`, `inspector`, `dispatcher` (hr.employee), `team`, `bay`.
        """
        cls.tech = cls._make_employee("Master Li", cls._role('technician'))
        cls.tech2 = cls._make_employee("Master Sun", cls._make_user('technician', login='test_technician_2'))
        cls.leader = cls._make_employee("Leader Zhou", cls._role('team_leader'))
        cls.inspector = cls._make_employee("Inspector Qian", cls._role('inspector'), aftersales_trade=False)
        cls.dispatcher = cls._make_employee("Dispatcher Wu", cls._role('dispatcher'), aftersales_trade=False)
        cls.team = cls.env['aftersales.team'].create({
            'name': "Team 1", 'company_id': cls.company.id, 'trade': 'mechanical', 'leader_id': cls.leader.id,
            'member_ids': [Command.set((cls.tech | cls.tech2).ids)],
        })
        cls.bay = cls.env['aftersales.bay'].create({'name': "Bay 3", 'code': "3", 'company_id': cls.company.id})
        cls.customer.phone = "13812345678"
        return cls.team

    @classmethod
    def _bring_in(cls, order, odometer=12000):
        """Let the car of an order come in; the visit hangs on the order."""
        visit = cls.env['aftersales.visit'].create({
            'company_id': cls.company.id, 'vehicle_id': order.vehicle_id.id, 'partner_id': order.partner_id.id,
            'odometer': odometer,
        })
        visit._arrive()
        visit.order_id = order
        return visit

    @classmethod
    def _make_signed_order(cls, **values):
        """Create an order whose car is inside and whose jobs are signed: ready for the workshop."""
        order = cls._make_order(**values)
        cls._bring_in(order)
        cls._approve(order)
        return order

    @classmethod
    def _dispatch(cls, order, **values):
        """Hand the car over and dispatch its approved jobs to the team and the first technician."""
        if not order.handover_ids:
            order._hand_over(cls.dispatcher)
        return order._dispatch(**{'team': cls.team, 'bay': cls.bay, 'technicians': cls.tech, **values})

    @classmethod
    def _do_work(cls, operations, person=None, hours=1.0):
        """Accept, clock, record and finish operations, one after the other."""
        for operation in operations:
            worker = person or operation.technician_ids[:1] or cls.tech
            if operation.state == 'dispatched':
                operation._accept(cls.leader)
            start = fields.Datetime.subtract(fields.Datetime.now(), hours=hours)
            last = cls.env['aftersales.labour.time'].search([('employee_id', '=', worker.id)], order='stop desc', limit=1)
            operation._start(worker, at=max(start, last.stop) if last.stop else start)
            operation._record(text="Replaced and checked.")
            operation._finish(worker)

    @classmethod
    def _inspect(cls, order, **values):
        """Pass the checks that the order's profile asks for, each by another person."""
        for operation in order._checked_operations():
            order._check('self', True, operation._workers()[operation][:1], operations=operation)
        for level, person in (('leader', cls.leader), ('final', cls.inspector)):
            if order.profile_id._gate(f'{level}_check') != 'off':
                order._check(level, True, person, **(values if level == 'final' else {}))

    @classmethod
    def _make_ready(cls, order):
        """Bring an approved order through the workshop until the car is ready."""
        cls._do_work(cls._dispatch(order))
        cls._inspect(order)
        if order.wash_wanted and order.profile_id._gate('wash') != 'off':
            order._wash(cls.tech2, place="A1")
        return order


class PartsFactory:
    """parts"""

    @classmethod
    def _open_parts_counter(cls):
        """Let these tests issue without a workshop: dispatch and receiver gates are tested on their own."""
        cls._set_gate('parts_dispatch', 'off')
        cls._set_gate('parts_receiver', 'off')
        cls.company.aftersales_accrual_account_id = cls.env['account.account'].create({
            'name': "Received, not billed", 'code': '220299', 'account_type': 'liability_current', 'reconcile': True,
            'company_ids': [Command.set(cls.company.ids)],
        })

    @classmethod
    def _signed_order(cls, parts, **values):
        """Return an order with one job of these parts, signed by the customer; its parts are requested at once."""
        order = cls._make_order(cls._make_vehicle(partner_id=cls.customer.id), parts=parts, **values)
        cls._approve(order)
        return order

    @classmethod
    def _give_to(cls, order, technician):
        """Dispatch the order to a technician, who sees it from then on (the desk's papers are not the matter here)."""
        cls._set_gate('mandatory_data', 'off')
        cls._set_gate('handover_stamp', 'off')
        return order._dispatch(technicians=technician)

    @classmethod
    def _wip(cls, order):
        """Return the posted balance of the order on the account of work in progress."""
        return cls._balance(cls.account_wip, ('aftersales_order_id', '=', order.id))

    @classmethod
    def _assert_parts_agree(cls, test, orders):
        """The ledger, the value of the goods and the line quantities say the same, and the integrity list is empty."""
        for order, cost in orders._parts_cost().items():
            test.assertEqual(cls._wip(order), cost)
        found = [row for row in cls.company._aftersales_integrity() if row['code'].startswith('PAR')]
        test.assertEqual(found, [])


class SettlementFactory:
    """settlement"""

    @classmethod
    def _open_till(cls):
        """Give the company its accounts, journals and payment means; gates of other desks are tested there."""
        cls._open_parts_counter()
        cls.company._aftersales_fix_accounts()
        cls.company._aftersales_fix_means()
        cls.company._aftersales_cost_journal()
        cls._only_gates()
        journals = cls.env['account.journal'].search([('company_id', '=', cls.company.id), ('aftersales_means', '!=', False)])
        cls.journals = {journal.aftersales_means: journal for journal in journals}
        cls.account_cost = cls.company._aftersales_account('cost').with_env(cls.env)
        cls.account_transit = cls.company.aftersales_transit_account_id
        cls._receiver = cls._make_employee("Receiver Sun")
        cls._worker = cls._make_employee("Master Qian")

    @classmethod
    def _only_gates(cls, *codes):
        """Switch every gate off except these, which block: gates of other desks are tested there."""
        gates = cls.env['aftersales.profile.gate'].search([('company_id', '=', cls.company.id)])
        for level, some in gates.grouped(
            lambda gate: 'block' if gate.code in codes else 'warn' if gate.is_never_off else 'off'
        ).items():
            some.filtered(lambda gate, level=level: gate.level != level).level = level

    @classmethod
    def _finish_work(cls, orders):
        """Let one technician do all that is approved."""
        orders.job_ids.write({'cause': "Worn", 'correction': "Replaced"})
        for order in orders.filtered(lambda order: order._dispatchable_jobs()):
            for operation in order._dispatch(technicians=cls._worker):
                operation._start(cls._worker)
                operation._finish(cls._worker)

    @classmethod
    def _issue(cls, orders):
        """Let the parts room issue all that is reserved."""
        return orders.with_user(cls._role('parts_keeper'))._issue_parts(receiver=cls._receiver)

    @classmethod
    def _settled_order(cls, **values):
        """Return a signed order, its parts issued, settled by the cashier."""
        order = cls._ready_order(**values)
        order.with_user(cls._role('cashier'))._settle()
        return order

    @classmethod
    def _ready_order(cls, parts=(), labour=(), shares=None, **values):
        """Return a signed order whose parts are issued; `shares(order)` may divide it before it is signed."""
        order = cls._make_order(cls._make_vehicle(partner_id=cls.customer.id), parts=parts, labour=labour, **values)
        if shares:
            shares(order)
        cls._approve(order)
        if order.picking_ids:
            cls._issue(order)
        cls._finish_work(order)
        return order

    @classmethod
    def _items(cls, moves):
        """Return the items of entries as sorted tuples (account code, debit, credit)."""
        return sorted((line.account_id.code, line.debit, line.credit) for line in moves.line_ids if line.debit or line.credit)


class PeopleFactory:
    """people"""

    @classmethod
    def _make_rulebook(cls, *signed):
        """Put the shipped rules into force in the test company since last year; these employees signed that day."""
        book = cls.env.ref(f'{MODULE}.conduct_rulebook_shipped').copy({'company_id': cls.company.id})
        day = fields.Date.subtract(cls.company._aftersales_today(), days=400)
        book.write({'adopted_on': day, 'published_on': day})
        book._publish()
        hr = cls._role('hr_officer')
        for employee in signed:
            cls.env['aftersales.conduct.receipt'].with_user(hr)._sign(
                book, employee, means='paper', signed_on=day)
        cls.rulebook = book
        return book

    @classmethod
    def _rule(cls, code):
        """Return the rule of this code of the rule book in force."""
        return cls.rulebook.rule_ids.filtered(lambda rule: rule.code == code)

    @classmethod
    def _measure(cls, code):
        return cls.env.ref(f'{MODULE}.conduct_measure_{code}')

    @classmethod
    def _propose_conduct(cls, employee, rule='P02', user=None, **values):
        """Propose a reward or a penalty, as a service manager unless a user is given."""
        return cls.env['aftersales.conduct.record'].with_user(user or cls._role('service_manager')).create({
            'employee_id': employee.id, 'rule_id': cls._rule(rule).id, 'company_id': cls.company.id, **values,
        })

    @classmethod
    def _decide_conduct(cls, employee, rule='P02', measure='performance', notify=True, user=None, **values):
        """Bring a penalty to its decision by the people in charge; the employee speaks on his own page.

        :param values: of the decision, such as performance_amount, and act_date.
        :return: the record, as the HR officer.
        """
        hr = cls._role('hr_officer')
        facts = {name: values.pop(name) for name in ('act_date', 'discovered_on', 'summary') if name in values}
        record = cls._propose_conduct(employee, rule, user=hr, **facts)
        record._investigate("Seen by two people, photo attached.")
        if employee.user_id:
            record.with_user(employee.user_id)._state_view("I was late because of the rain.")
        else:
            record.sudo()._guarded().write({'hearing_until': fields.Date.subtract(record.discovered_on, days=1)})
            record._advance()
        record.write({'measure_id': cls._measure(measure).id, **values})
        record.with_user(user or cls._role('service_manager'))._decide()
        if record.gravity == 'serious':
            record.with_user(cls._role('general_manager'))._approve()
        if notify:
            record._notify()
            if employee.user_id:
                record.with_user(employee.user_id)._acknowledge(True)
            else:
                record._serve(cls._make_employee("Witness"))
        return record


# === BASE CLASSES === #


class ToolsFactory:
    """tools"""

    @classmethod
    def _make_tool_room(cls):
        """Open a tool room: a keeper with a login, a technician and a team who borrow.

        Sets `keeper` (hr.employee), `keeper_user`, and what `_make_workshop` sets.
        """
        cls._make_workshop()
        cls.keeper_user = cls._role('tool_keeper')
        cls.keeper = cls._make_employee("Keeper Duan", cls.keeper_user, aftersales_trade=False, barcode='DUAN01')
        cls.tech.barcode, cls.tech2.barcode, cls.leader.barcode = 'LI01', 'SUN01', 'ZHOU01'
        return cls.keeper

    @classmethod
    def _make_tool_category(cls, name="Special tools", **values):
        """Create a category: same-day loan of numbered tools unless told otherwise."""
        return cls.env['aftersales.tool.category'].create({'name': name, **values})

    @classmethod
    def _make_tool(cls, name="Timing tool", category=None, quantity=1, pieces=(), receive=True, **values):
        """Create a tool of the keeper and enter it in the ledger; `pieces` are the names of a kit's pieces.

        Returned as the keeper at the counter sees it.
        """
        category = category or cls._make_tool_category()
        tool = cls.env['aftersales.tool'].create({
            'name': name, 'category_id': category.id, 'keeper_id': cls.keeper.id, 'company_id': cls.company.id,
            'purchase_value': 600.0, **values,
        })
        cls.env['aftersales.tool'].create([
            {'name': piece, 'category_id': category.id, 'keeper_id': cls.keeper.id, 'company_id': cls.company.id,
             'parent_id': tool.id} for piece in pieces
        ])
        tool = tool.with_user(cls.keeper_user)
        if receive:
            tool._receive(quantity)
        return tool


class CoverageFactory:
    """warranty: coverage, appraisal, comeback"""

    @classmethod
    def _make_policy(cls, name="Ruitu cars", kind='manufacturer', lines=((False, 36, 100_000),), brand=None, **values):
        """Create a warranty policy of the test brand; lines are (code of the system or False, months, km)."""
        brand = brand or cls._make_vehicle_model().brand_id
        return cls.env['aftersales.warranty.policy'].create({
            'name': name, 'kind': kind, 'brand_id': brand.id,
            'line_ids': [
                Command.create({
                    'system_id': cls.env.ref(f'{MODULE}.system_{code}').id if code else False, 'months': months, 'km': km,
                }) for code, months, km in lines
            ],
            **values,
        })

    @classmethod
    def _make_covered_vehicle(cls, months_ago=12, odometer=20_000, days=0, **values):
        """Create a car of the test brand whose warranty began so many months ago, `days` less."""
        start = fields.Date.subtract(cls.company._aftersales_today(), months=months_ago) + timedelta(days=days)
        return cls._make_vehicle(warranty_start=start, odometer=odometer, **values)

    @classmethod
    def _make_clerk(cls, trained=True, login=None):
        """Return a warranty clerk with an employee's file; trained yesterday unless told otherwise."""
        user = cls._make_user('warranty_clerk', login=login) if login else cls._role('warranty_clerk')
        employee = cls.env['hr.employee'].search([('user_id', '=', user.id)], limit=1) or cls._make_employee(
            "Clerk Gao", user, aftersales_trade=False)
        employee.aftersales_warranty_trained_on = (
            fields.Date.subtract(cls.company._aftersales_today(), days=1) if trained else False)
        return user

    @classmethod
    def _ask_appraisal(cls, job, user=None, **values):
        """Ask for the appraisal of a job, as the advisor unless told otherwise."""
        return cls.env['aftersales.warranty.appraisal'].with_user(user or cls._role('advisor')).create(
            {'job_id': job.id, 'question': "Is this covered?", **values})

    @classmethod
    def _answer_appraisal(cls, appraisal, answer='covered', clerk=None, **values):
        """Answer an appraisal completely, as a trained clerk."""
        appraisal = appraisal.with_user(clerk or cls._make_clerk())
        appraisal.write({
            'answer': answer, 'finding': "Seal of the water pump leaks.", 'fault_code': "P0128",
            **({'refusal_reason_id': cls._reason('coverage_refusal').id} if answer == 'not_covered' else {}),
            'photo_ids': [Command.create({'image': SIGNATURE})],
            **values,
        })
        appraisal._give_answer()
        return appraisal


class ClaimFactory:
    """warranty: `_open_claims`, `_make_terms`, `_make_warranty_order`, `_make_claim`"""

    @classmethod
    def _open_claims(cls, till=True):
        """Open till and warranty desk: a clerk, a labour rate for warranty work, a part and a labour item.

        Sets `clerk`, `claim_part` (cost 100.00), `claim_labour` (1.0 h at 200.00, tax included).

        :param bool till: False where the till is open already.
        """
        if till:
            cls._open_till()
            cls._make_labour_rate(226.0)
        cls.clerk = cls._role('warranty_clerk')
        cls._make_labour_rate(200.0, payer_kind='warranty')
        cls.claim_part = cls._make_part("Water pump", cost=100.0, price=260.0, on_hand=20)
        cls.claim_labour = cls._make_labour_item("Replace water pump", hours=1.0)
        return cls.clerk

    @classmethod
    def _make_terms(cls, brand=None, **values):
        """Create terms of the test brand: parts at cost × 1.3, no fee, 30 days, unless told otherwise."""
        return cls.env['aftersales.warranty.terms'].create({
            'brand_id': (brand or cls._make_vehicle_model().brand_id).id,
            'company_id': cls.company.id,
            'date_from': '2020-01-01',
            'part_factor': 1.3,
            'submit_days': 30,
            **values,
        })

    @classmethod
    def _make_warranty_order(cls, parts=None, labour=None, settle=True, **values):
        """Return an order that the manufacturer pays: parts issued, work done, settled unless told otherwise."""
        return (cls._settled_order if settle else cls._ready_order)(
            parts=[cls.claim_part] if parts is None else parts,
            labour=[cls.claim_labour] if labour is None else labour,
            payer_kind='warranty', **values,
        )

    @classmethod
    def _make_claim(cls, order=None, submit=False, **values):
        """Return the drafted claim of an order as the clerk sees it; a settled warranty order is made unless given.

        :param bool submit: check and send it.
        """
        order = order or cls._make_warranty_order(**values)
        claim = order._make_claims()[:1].with_user(cls.clerk)
        if submit:
            claim._check()
            claim._submit()
        return claim


class OldPartFactory:
    """warranty: old parts"""

    @classmethod
    def _make_old_part_order(cls, parts, payer_kind='warranty', **values):
        """Return a signed order with one job of these parts, issued; the till is open and gates of other desks are off.

        Call `_open_till` before.
        """
        return cls._ready_order(parts=parts, payer_kind=payer_kind, **values)

    @classmethod
    def _keep_old_part(cls, line, quantity=None, location=None):
        """Tag and store the old part of a line; returned as the keeper sees it."""
        keeper = cls._role('parts_keeper')
        part = line.with_user(keeper)._tag_old_part(quantity)
        part._store(location)
        return part

    @classmethod
    def _make_shipment(cls, parts, **values):
        """Pack these stored old parts into a shipment to their owner, as the warranty clerk."""
        clerk = cls._role('warranty_clerk')
        shipment = cls.env['aftersales.old.part.shipment'].with_user(clerk).create({
            'partner_id': parts[:1].owner_id.id, 'company_id': cls.company.id, 'warehouse_id': cls.warehouse.id, **values,
        })
        shipment._add(parts.with_user(clerk))
        return shipment

    @classmethod
    def _old_part_findings(cls):
        """Return what the integrity check says of old parts."""
        return [row for row in cls.company._aftersales_integrity() if row['code'] in ('WAR-I3', 'WAR-I4')]


class StatementFactory:
    """warranty: `_open_statements`, `_make_sent_claims`, `_make_statement`, `_make_list`"""

    @classmethod
    def _open_statements(cls, till=True):
        """Open the warranty desk and the accountant's; sets `accountant`, `manufacturer` and terms of cost × 1.3.

        :param bool till: False where the till is open already.
        """
        cls._open_claims(till)
        cls._make_terms()
        cls.accountant = cls._role('accountant')
        cls.manufacturer = cls._make_vehicle_model().brand_id.claim_partner_id

    @classmethod
    def _make_sent_claims(cls, count=1, **values):
        """Return claims of settled orders as the manufacturer has them: 146.90 for a part that cost 100.00, 200.00 work."""
        return cls.env['aftersales.warranty.claim'].browse(
            [cls._make_claim(submit=True, **values).id for _number in range(count)])

    @classmethod
    def _make_statement(cls, rows=(), **values):
        """Return a statement with these rows, matched by the clerk.

        :param rows: tuples (claim or their number, amount), or dictionaries of values.
        """
        statement = cls.env['aftersales.warranty.statement'].with_user(cls.clerk).create({
            'partner_id': cls.manufacturer.id,
            'line_ids': [
                Command.create(row if isinstance(row, dict) else (
                    {'our_number': row[0].name, 'amount': row[1]} if not isinstance(row[0], str)
                    else {'their_number': row[0], 'amount': row[1]}))
                for row in rows
            ],
            **values,
        })
        statement._match()
        return statement

    @classmethod
    def _post_statement(cls, rows, **values):
        """Return a statement that the accountant has posted."""
        statement = cls._make_statement(rows, **values).with_user(cls.accountant)
        statement._post()
        return statement

    @staticmethod
    def _make_list(rows, head=("Claim No.", "Dealer No.", "VIN", "Date", "Amount", "Remark")):
        """Return a manufacturer's workbook, base64."""
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            for index, cells in enumerate([["Credit list"], head, *rows]):
                sheet.write_row(index, 0, cells)
        return base64.b64encode(buffer.getvalue())


class Factories(
    GroundFactory, BaseFactory, VehicleFactory, CatalogueFactory, ReceptionFactory, RepairFactory, WorkshopFactory,
    PartsFactory, SettlementFactory, PeopleFactory, ToolsFactory,
    CoverageFactory, ClaimFactory, OldPartFactory, StatementFactory,
):
    """A dealership to test in: `company`, `warehouse`, `part_category`, `tax_sale`, `account_wip`, `customer`."""

    @classmethod
    def _open_shop(cls):
        """Work in the test company from here on: the one `./dev` laid, or a new one."""
        cls.company = cls.env.ref(f'{LAID}.company', raise_if_not_found=False) or cls._make_company()
        cls.env = cls.env(context={**cls.env.context, 'allowed_company_ids': cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.warehouse = cls.env['stock.warehouse'].search([('company_id', '=', cls.company.id)], limit=1)
        cls.tax_sale = cls.company.account_sale_tax_id
        cls.account_wip = cls.company.account_production_wip_account_id
        cls.part_category = cls.env['product.category'].create({
            'name': "Spare parts",
            'property_valuation': 'real_time',
            'property_cost_method': 'average',
        })
        cls.customer = cls._make_customer()


@tagged('post_install', '-at_install', 'standard', MODULE)
class AftersalesCommon(Factories, TransactionCase):
    """Tests of one user at a time; everything is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_shop()
        cls.env.user.company_id = cls.company

    def _html(self, report, records):
        """Return a printed form as text."""
        html = self.env['ir.actions.report']._render_qweb_html(f'{MODULE}.{report}', records.ids)[0]
        return html.decode() if isinstance(html, bytes) else str(html)

    @contextmanager
    def assertBlocked(self, code, exception=Exception):
        """Assert that the block is refused with this error code of docs/errors/."""
        with self.assertRaises(exception) as caught:
            yield caught
        self.assertIn(code, str(caught.exception))


# The first page of a run waits for a browser and bundles that are in no cache yet: give a slow machine time for it.
PATIENCE = 3
_start_browser = ChromeBrowser.__init__


def _start_patient_browser(self, *args, **kwargs):
    _start_browser(self, *args, **kwargs)
    self.throttling_factor = PATIENCE


# Odoo 19 as Debian ships it leaves out a library of `mail`; the browser's complaint would fail every tour.
_handle_console = ChromeBrowser._handle_console


def _handle_console_of_repacked_odoo(self, type, args=None, stackTrace=None, **kwargs):  # noqa: A002
    if type == 'error' and 'selfie_segmentation' in str(args):
        return None
    return _handle_console(self, type, args=args, stackTrace=stackTrace, **kwargs)


class AftersalesHttpCase(AftersalesCommon, HttpCase):
    """Controllers and tours. Tours live in static/tests/tours; run them with `self.start_tour(url, name, login)`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(ChromeBrowser, '_handle_console', _handle_console_of_repacked_odoo))
        cls.startClassPatcher(patch.object(ChromeBrowser, '__init__', _start_patient_browser))
