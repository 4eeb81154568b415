"""The cases of ./dev bench; budgets in queries are tests in tests/."""
import time

from dateutil.relativedelta import relativedelta

from tests import big_store

from . import native
from .ground import open_shop
from .people import PeopleBench

LIST_FIELDS = (
    'name', 'license_plate', 'partner_id', 'profile_id', 'advisor_id', 'promised_at', 'state', 'aftersales_status',
    'amount_total', 'currency_id',
)


def prepare(env, rounds, only=''):
    """Yield (name, function); the function returns the samples (queries, seconds) of ours and of Odoo's own way."""
    bench = Bench(env, rounds)
    for name, measure in (
        ("life cycle: 5 parts, 3 labour lines", lambda: bench.life_cycle()),
        ("life cycle: three payers", lambda: bench.life_cycle(payers=3)),
        ("life cycle in one transaction", lambda: bench.life_cycle(cold=False)),
        ("life cycle in one transaction: three payers", lambda: bench.life_cycle(payers=3, cold=False)),
        ("order with 10 lines", bench.ten_lines),
        ("request 20 parts", lambda: bench.request(20)),
        ("issue 5 parts", lambda: bench.issue(5)),
        ("issue 20 parts", lambda: bench.issue(20)),
        ("return 1 part", bench.give_back),
        ("settle 1 payer", lambda: bench.settle(1)),
        ("settle 3 payers", lambda: bench.settle(3)),
        ("list of 80 open of 20,000 orders", bench.list_of_orders),
        ("coverage of 80 orders and their jobs", bench.coverage),
        ("board of a day", bench.board),
        ("estimate page of the portal", bench.portal),
        ("in / stock / out: 5,000 parts, 100,000 moves", bench.statement),
        ("in / stock / out: compared with valuation and ledger", bench.comparison),
        ("40 orders issued and settled, per order", bench.batch),
        ("count of 1,000 lines, per differing line of 50", bench.stock_count),
        ("shipment of 100 old parts, per part", bench.old_parts),
        ("order plan over 5,000 parts", bench.order_plan),
        ("manufacturer's statement of 20 claims posted, per claim", bench.claims),
        ("claim of an order with 10 lines", bench.claim),
        ("twelve lights of 200 claims", bench.readiness),
        ("tool checkout, 100,000 ledger entries", lambda: bench.tools('lend')),
        ("tool return, 100,000 ledger entries", lambda: bench.tools('return')),
        ("tools: who holds what, 100,000 ledger entries", lambda: bench.tools('holders')),
        ("tool counter, 100,000 ledger entries", lambda: bench.tools('counter')),
        ("payroll batch of 500 records", bench.payroll),
        ("200 assessment sheets", bench.sheets),
        ("HR's desk, 1,000 open cases", bench.hr_desk),
    ):
        if only in name:
            yield name, measure


class Bench(PeopleBench):

    def __init__(self, env, rounds):
        self.shop = shop = open_shop(env)
        self.env, self.rounds = shop.env, rounds
        shop._open_life_cycle()
        shop.company.aftersales_auto_request = False
        self.env.cr.flush()

    # === MEASURING === #

    def count(self, step, cold=True):
        """Return (queries, seconds) of one press of a button; cold with an empty record cache, as a request has."""
        cr = self.env.cr
        cr.flush()
        if cold:
            self.env.invalidate_all()
        queries, start = cr.sql_log_count, time.perf_counter()
        step()
        cr.flush()
        return cr.sql_log_count - queries, time.perf_counter() - start

    def play(self, steps, cold=True):
        """Return (queries, seconds) of all steps together."""
        samples = [self.count(step, cold) for _name, step in steps]
        return sum(queries for queries, _seconds in samples), sum(seconds for _queries, seconds in samples)

    def measured(self, sample, beside=None):
        """Take samples in turn, the first round unmeasured: it fills the caches a running server has."""
        ours, theirs = [], []
        for number in range(self.rounds + 1):
            rows = [sample()]
            if beside:
                rows.append(beside())
            if not number:
                # All runs in one transaction, whose rows the planner would take for none: nested loops over payments.
                self.env.cr.flush()
                self.env.cr.execute('ANALYZE')
            else:
                ours.append(rows[0])
                theirs += rows[1:]
        return ours, theirs

    # === CASES === #

    def life_cycle(self, payers=1, cold=True):
        """Ours has 15 steps, each with another person's rights; Odoo's own sale has 7, all with one person's."""
        return self.measured(
            lambda: self.play(self.shop._life_cycle_steps(self.shop._receive_car(), payers=payers), cold),
            lambda: self.play(native.sell(self.shop), cold),
        )

    def until(self, wanted, parts=5, payers=1):
        """Play an order up to the step before the wanted one, unmeasured; return the wanted step's function."""
        for name, step in self.shop._life_cycle_steps(self.shop._receive_car(), parts=parts, payers=payers):
            if name == wanted:
                return step
            step()
        raise KeyError(wanted)

    def ten_lines(self):
        def sample():
            vehicle = self.shop._make_vehicle()
            return self.count(lambda: self.shop._make_order(
                vehicle, parts=[(part, 2) for part in self.shop.shelf[:7]], labour=self.shop.labour_items,
            ))
        return self.measured(sample)

    def request(self, parts):
        return self.measured(lambda: self.count(self.until('request', parts)))

    def issue(self, parts):
        def sample():
            request = self.until('request', parts)
            steps = [request, lambda: self.shop._as('parts_keeper', self.newest())._issue_parts(receiver=self.shop.tech)]
            return self.play((None, step) for step in steps)
        return self.measured(sample)

    def newest(self):
        return self.env['aftersales.repair.order'].search([], order='id desc', limit=1)

    def give_back(self):
        def sample():
            self.until('accept')()
            line = self.newest().line_ids.filtered(lambda line: line.kind == 'part')[0]
            return self.count(lambda: self.shop._as('parts_keeper', line)._return_parts(1, self.shop.tech))
        return self.measured(sample)

    def settle(self, payers):
        return self.measured(lambda: self.count(self.until('settle', payers=payers)))

    def batch(self):
        """One sample of 40 orders: rounds would take minutes and hardly differ."""
        shop = self.shop
        shop._only_gates()
        orders = self.env['aftersales.repair.order'].concat(*(
            shop._make_order(shop._make_vehicle(), parts=[(part, 1) for part in shop.shelf[:2]]) for _number in range(40)
        ))
        for order in orders:
            shop._approve(order)
        shop._finish_work(orders)

        def task():
            orders._request_parts()
            shop._as('parts_keeper', orders)._issue_parts(receiver=shop.tech)
            shop._as('cashier', orders)._settle()
        queries, seconds = self.count(task)
        return [(queries / len(orders), seconds / len(orders))], []

    def stock_count(self):
        """Adjust a count of 1,000 lines of which 50 differ; beside it Odoo's own adjustment of the same 50."""
        shop, env = self.shop, self.env
        shop.company._aftersales_fix_count_account()
        place = env['stock.location'].create({
            'name': "Counted shelf", 'location_id': shop.warehouse.lot_stock_id.id, 'company_id': shop.company.id})
        parts = env['product.product'].create([
            {'name': f"Counted part {number}", 'is_storable': True, 'categ_id': shop.part_category.id, 'standard_price': 10.0}
            for number in range(1000)
        ])
        quants = env['stock.quant'].create([{'product_id': part.id, 'location_id': place.id, 'quantity': 100} for part in parts])

        def ours():
            count = env['aftersales.stock.count'].create({
                'company_id': shop.company.id, 'location_id': place.id, 'tolerance_percent': 100, 'tolerance_value': 1e6})
            count._start()
            books = count._book_at_sudo(count.line_ids)
            count.line_ids._record({line: books[line] - (number < 50) for number, line in enumerate(count.line_ids)})
            count._finish()
            count.line_ids.filtered('difference_qty').reason_id = env.ref('aftersales_service.reason_count_lost')
            queries, seconds = self.count(count._approve)
            return queries / 50, seconds / 50

        def theirs():
            some = quants[:50].with_context(inventory_mode=True)
            for quant in some:
                quant.inventory_quantity = quant.quantity - 1
            queries, seconds = self.count(some.action_apply_inventory)
            return queries / 50, seconds / 50
        return self.measured(ours, theirs)

    def old_parts(self):
        """Send 100 old parts of 20 part numbers in one shipment."""
        shop, env = self.shop, self.env
        products = [shop._make_part(f"Old part number {number}", cost=10.0, price=30.0) for number in range(20)]

        def ours():
            order = shop._make_order(shop._make_vehicle(), parts=[(product, 5) for product in products], payer_kind='warranty')
            parts = env['aftersales.old.part']
            for line in order.line_ids:
                for _number in range(5):
                    parts |= line._tag_old_part(1)
            parts._store()
            shipment = env['aftersales.old.part.shipment'].create({
                'partner_id': parts.owner_id.id, 'company_id': shop.company.id, 'warehouse_id': shop.warehouse.id})
            shipment._add(parts)
            queries, seconds = self.count(shipment._ship)
            return queries / 100, seconds / 100
        return self.measured(ours)

    def list_of_orders(self):
        orders = self.env['aftersales.repair.order'].with_user(self.shop.people['advisor'])
        specification = {
            name: {'fields': {'display_name': {}}} if orders._fields[name].type == 'many2one' else {} for name in LIST_FIELDS
        }
        return self.measured(lambda: self.count(lambda: orders.web_search_read([('outcome', '=', 'open')], specification, limit=80)))

    def coverage(self):
        """What covers each car and each job of a list, with the reason."""
        orders = self.env['aftersales.repair.order'].with_user(self.shop.people['advisor'])
        specification = {
            'coverage_state': {}, 'coverage_reason': {},
            'job_ids': {'fields': {'coverage_state': {}, 'coverage_reason': {}, 'coverage_payer_kind': {}}},
        }
        return self.measured(lambda: self.count(lambda: orders.web_search_read([('outcome', '=', 'open')], specification, limit=80)))

    def board(self):
        board = self.env['aftersales.workshop.board'].with_user(self.shop.people['dispatcher'])
        return self.measured(lambda: self.count(board.get_board_data))

    def statement(self):
        """The month's statement of a store with three years behind it, drawn up anew."""
        big_store.lay(self.shop)
        statement = self.env['aftersales.stock.statement'].create({'company_id': self.shop.company.id})
        return self.measured(lambda: self.count(statement._draw_up))

    def comparison(self):
        """The same store, never compared before: valuation part by part, ledger account by account."""
        big_store.lay(self.shop)
        statement = self.env['aftersales.stock.statement'].create({'company_id': self.shop.company.id})
        statement._draw_up()
        return self.measured(lambda: self.count(statement._compare))

    def portal(self):
        def sample():
            self.until('consent')
            order = self.newest()
            order._portal_ensure_token()
            page = order.sudo().with_context(lang='en_US')

            def show():
                page._portal_values()
                page.env['ir.qweb']._render('aftersales_service.print_estimate_lines', {'estimate': page.estimate_ids[-1:]})
            return self.count(show)
        return self.measured(sample)

    def order_plan(self):
        """A year's demand of 5,000 parts with a vendor each: every part becomes a line of the plan."""
        shop = self.shop
        vendor = self.env['res.partner'].create({'name': "Parts factory"})
        parts = self.env['product.product'].create([
            {
                'name': f"Planned part {number}", 'default_code': f'PLAN{number}', 'is_storable': True, 'aftersales_is_part': True,
                'categ_id': shop.part_category.id, 'seller_ids': [(0, 0, {'partner_id': vendor.id, 'price': 9.0, 'delay': 4})],
            }
            for number in range(5000)
        ])
        today = shop.company._aftersales_today()
        self.env['aftersales.lost.sale'].create([
            {'product_id': part.id, 'quantity': 12, 'date': today.replace(day=1) - relativedelta(months=months)}
            for part in parts for months in (1, 4, 9)
        ])
        return self.measured(lambda: self.count(self.env['aftersales.order.plan'].create({})._compute_lines))

    def claims(self, count=20):
        """The statement is posted, then reversed unmeasured, so that each round posts the same claims."""
        shop = self.shop
        gates = self.env['aftersales.profile.gate'].search([('company_id', '=', shop.company.id)])
        levels = {gate: gate.level for gate in gates}
        shop._open_statements(till=False)
        shop._only_gates()
        shop.company.aftersales_auto_request = True
        claims = shop._make_sent_claims(count)
        shop.company.aftersales_auto_request = False
        for gate, level in levels.items():
            if gate.level != level:
                gate.level = level

        def sample():
            statement = shop._make_statement([(claim, claim.claimed_total) for claim in claims]).with_user(shop.accountant)
            queries, seconds = self.count(statement._post)
            statement._reverse("Next round")
            return queries / count, seconds / count
        return self.measured(sample)

    def claim(self):
        """Draft the claim of an order with 8 parts and 2 labour lines."""
        shop = self.shop
        parts = [shop._make_part(f"Claim part {number}", cost=10.0 + number) for number in range(8)]
        work = [shop._make_labour_item(f"Claim work {number}", hours=0.5) for number in range(2)]

        def ours():
            order = shop._make_order(shop._make_vehicle(), parts=parts, labour=work, payer_kind='warranty')
            return self.count(order._make_claims)
        return self.measured(ours)

    def readiness(self):
        """The list of claims with their lights, cold."""
        shop = self.shop
        part = shop._make_part("Claimed part")
        work = shop._make_labour_item("Claimed work", hours=1.0)
        orders = self.env['aftersales.repair.order'].union(*(
            shop._make_order(parts=[part], labour=[work], payer_kind='warranty') for _number in range(200)
        ))
        claims = orders._make_claims()
        return self.measured(lambda: self.count(lambda: claims.mapped('readiness')))

    def tools(self, what):
        """The tool room after years: 80 tools, 100,000 entries, 60 loans open."""
        shop = self.shop
        lay_tools(shop)
        keeper = shop.keeper_user
        tool, borrower = shop.tool_shelf[-1], shop.borrowers[-1]
        if what == 'holders':
            moves = self.env['aftersales.tool.move'].with_user(keeper)
            specification = {name: {} for name in ('open_qty', 'holder', 'at', 'due_at', 'is_overdue')} | {
                name: {'fields': {'display_name': {}}} for name in ('tool_id', 'order_id', 'keeper_id')
            }
            # The action's domain and the filter it begins with.
            domain = [('open_qty', '>', 0), ('dest_place', 'in', ('employee', 'team')),
                      '|', ('tool_id.parent_id', '=', False), ('tool_id.parent_id.state', '!=', 'out')]
            return self.measured(lambda: self.count(lambda: moves.web_search_read(domain, specification, limit=80)))
        if what == 'counter':
            desk = self.env['aftersales.desk.tools'].with_user(keeper)
            return self.measured(lambda: self.count(lambda: desk.get_data(shop.borrowers[0].id)))

        order = self.newest()

        def lend():
            return self.count(lambda: tool._check_out(borrower, order=order))

        def take_back():
            return self.count(tool._take_back)

        def sample():
            lent, back = lend(), take_back()
            return lent if what == 'lend' else back
        return self.measured(sample)


def lay_tools(shop, tools=80, entries=100000, out=60):
    """Open a tool room and fill its ledger with closed loans by copying one loan and its return."""
    shop.keeper_user = shop._make_user('tool_keeper', login='bench_keeper')
    shop.keeper = shop._make_employee("Keeper Duan", shop.keeper_user)
    shop.borrowers = [shop._make_employee(f"Borrower {number}") for number in range(21)]
    category = shop._make_tool_category()
    shop.tool_shelf = [shop._make_tool(f"Tool {number}", category) for number in range(tools)]
    for number, tool in enumerate(shop.tool_shelf):
        tool._check_out(shop.borrowers[number % 20])
        tool._take_back()
    cr = shop.env.cr
    cr.flush()
    cr.execute("""
        SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
         WHERE table_name = 'aftersales_tool_move' AND column_name NOT IN ('id', 'at')
    """)
    [columns] = cr.fetchone()
    # Loans and returns that cancel each other out, spread over the last four years.
    cr.execute(f"""
        INSERT INTO aftersales_tool_move ({columns}, at)
        SELECT {columns}, at - n * interval '2 day' FROM aftersales_tool_move, generate_series(1, %s) AS n
         WHERE kind IN ('checkout', 'return') AND tool_id = ANY(%s)
    """, [entries // (2 * tools), [tool.id for tool in shop.tool_shelf]])
    cr.execute('ANALYZE aftersales_tool_move')
    shop.env.invalidate_all()
    for number, tool in enumerate(shop.tool_shelf[:out]):
        tool._check_out(shop.borrowers[number % 20])
    cr.flush()
