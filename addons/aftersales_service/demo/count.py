"""The parts room counts: blind, a difference counted twice, approved, adjusted and decided by the accountant."""

# number: how many more (or fewer) lie on the shelf than the book says, and why
FOUND = {'04465-02220': (-1, 'not_booked'), '90981-BULB': (2, 'short_delivery')}


def count_stock(day):
    """Let the keeper count, the planner count again, the parts manager approve and the accountant decide.

    :param day: the working day (`day.Day`), whose verbs and people are used.
    :return: the closed count.
    """
    company, keeper = day.company, day.user('keeper')
    day.as_('planner', day.env['aftersales.stock.count.plan']).create([
        {'name': f'{letter.upper()} 类配件循环盘点', 'abc_class': letter, 'company_id': company.id, 'counter_id': keeper.id}
        for letter in 'abc'
    ])
    differing = {day.part(number): values for number, values in FOUND.items()}
    categories = day.env['product.category'].union(*(part.categ_id for part in differing))
    count = day.as_('planner', day.env['aftersales.stock.count']).create({
        'company_id': company.id, 'scope': 'category', 'category_ids': categories.ids, 'counter_id': keeper.id,
    })
    for login in ('keeper', 'planner'):
        if count.state == 'planned':
            day.as_('keeper', count)._start()
        _count(day, login, count, differing)
        day.as_(login, count)._finish()
    for line in count.line_ids.filtered('difference_qty'):
        code = differing[line.product_id][1] if line.product_id in differing else 'lost'
        day.as_('keeper', line).reason_id = day.env.ref(f'aftersales_service.reason_count_{code}')
    day.as_('partsmanager', count)._approve()
    missing = count.line_ids.filtered(lambda line: line.difference_qty < 0)
    book = day.as_('accountant', count)
    book._decide('expense', lines=missing, note='出库漏登,管理原因')
    book._decide('income', note='供应商多发,不再追索')
    return count


def begin_next_count(day):
    """Leave a count on the keeper's phone that is only begun: wear parts, four of them counted.

    :return: the count.
    """
    count = day.as_('planner', day.env['aftersales.stock.count']).create({
        'company_id': day.company.id, 'scope': 'movement', 'movement_class': 'slow', 'counter_id': day.user('keeper').id,
    })
    mine = day.as_('keeper', count)
    mine._start()
    there = count._book_at_sudo(count.line_ids[:4])
    day.as_('keeper', count.line_ids[:4])._record({day.as_('keeper', line): found for line, found in there.items()})
    return count


def _count(day, login, count, differing):
    """Count what is asked for in this round; the hands find what the book says, but for the differing parts."""
    lines = count.line_ids.filtered('needs_second') if count.state == 'recount' else count.line_ids
    there = count._book_at_sudo(lines)
    seen = set()
    numbers = {}
    for line in day.as_(login, lines):
        difference = 0 if line.product_id in seen else differing.get(line.product_id, (0,))[0]
        seen.add(line.product_id)
        numbers[line] = there[line.sudo()] + difference
    lines.with_user(day.user(login))._record(numbers)
