"""A shelf to count."""
from ..common import AftersalesCommon


class CountFactory(AftersalesCommon):
    """A shelf to count: keeper, second keeper, planner, manager, accountant; the account of pending differences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_parts_counter()
        cls.company._aftersales_fix_count_account()
        cls.account_pending = cls.company._aftersales_count_account().with_env(cls.env)
        cls.keeper, cls.planner = cls._role('parts_keeper'), cls._role('parts_planner')
        cls.second = cls._make_user('parts_keeper', login='test_second_keeper')
        cls.manager, cls.accountant = cls._role('parts_manager'), cls._role('accountant')
        stock = cls.warehouse.lot_stock_id
        cls.shelf_a, cls.shelf_b = cls.env['stock.location'].create([
            {'name': name, 'location_id': stock.id, 'company_id': cls.company.id, 'barcode': f'SHELF-{name}'}
            for name in ('A-01', 'B-01')
        ])
        cls.pad = cls._make_part("Brake pad", cost=80.0, default_code='PAD', barcode='690001')
        cls.oil = cls._make_part("Oil filter", cost=20.0, default_code='OIL', barcode='690002')
        cls.disc = cls._make_part("Brake disc", cost=300.0, default_code='DISC', barcode='690003')
        for part, quantity, shelf in ((cls.pad, 10, cls.shelf_a), (cls.oil, 50, cls.shelf_a), (cls.disc, 4, cls.shelf_b)):
            cls._put(part, quantity, shelf)
        cls.reason = cls.env.ref('aftersales_service.reason_count_lost')

    @classmethod
    def _put(cls, part, quantity, shelf, owner=None, lot=None):
        """Receive parts onto a shelf."""
        picking = cls._receive(part, quantity) if not owner and not lot else None
        if picking:
            quant = cls.env['stock.quant'].search([('product_id', '=', part.id), ('location_id', '=', cls.warehouse.lot_stock_id.id)])
            quant.move_quants(location_dest_id=shelf, message="put away")
        else:
            cls.env['stock.quant']._update_available_quantity(part, shelf, quantity, owner_id=owner, lot_id=lot)

    @classmethod
    def _plan(cls, **values):
        return cls.env['aftersales.stock.count'].with_user(cls.planner).create({
            'company_id': cls.company.id, 'tolerance_percent': 2.0, 'tolerance_value': 50.0, **values,
        })

    @classmethod
    def _started(cls, **values):
        count = cls._plan(**values).with_user(cls.keeper)
        count._start()
        return count

    @staticmethod
    def _line(count, part):
        return count.line_ids.filtered(lambda line: line.product_id == part)

    @classmethod
    def _enter(cls, count, numbers, user=None):
        """Record {part: number} as a person."""
        count = count.with_user(user or cls.keeper)
        lines = {cls._line(count, part): number for part, number in numbers.items()}
        return count.line_ids._record(lines)

    @classmethod
    def _counted(cls, numbers, **values):
        """Return a count with these numbers, counted twice where asked, with reasons, waiting for approval."""
        count = cls._started(**values)
        cls._enter(count, numbers)
        count._finish()
        if count.state == 'recount':
            again = count.line_ids.filtered('needs_second')
            cls._enter(count, {line.product_id: numbers[line.product_id] for line in again}, cls.second)
            count.with_user(cls.second)._finish()
        count.line_ids.filtered('difference_qty').reason_id = cls.reason
        return count

    @classmethod
    def _move_out(cls, part, quantity):
        """Send parts away, as a sale over the counter would."""
        shelf = cls.env['stock.quant'].search([
            ('product_id', '=', part.id), ('location_id.usage', '=', 'internal'), ('owner_id', '=', False)], limit=1).location_id
        move = cls.env['stock.move'].create({
            'product_id': part.id, 'product_uom_qty': quantity, 'product_uom': part.uom_id.id, 'company_id': cls.company.id,
            'location_id': shelf.id, 'location_dest_id': cls.env.ref('stock.stock_location_customers').id,
            'picking_type_id': cls.warehouse.out_type_id.id,
        })
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def _on_hand(cls, part, place):
        quants = cls.env['stock.quant'].search([('product_id', '=', part.id), ('location_id', '=', place.id)])
        return sum(quants.mapped('quantity'))

    @classmethod
    def _count_findings(cls):
        return [row['code'] for row in cls.company._aftersales_integrity() if row['code'].startswith('CNT')]
