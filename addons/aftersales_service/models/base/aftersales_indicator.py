import json
from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...rules import indicators as indicator_rules
from ...rules.indicators import Measure
from .const import INDICATOR_DIRECTIONS, INDICATOR_LAMPS, INDICATOR_UNITS, ROOMS
from .errors import coded_error

TREND_MONTHS = 12


class AftersalesIndicator(models.Model):
    """One figure the shop is led by, of one company: formula in words, target, and the facts behind it.

    Each room declares its indicators and computes them; the rows only keep what the company decides (its target) and
    who may read the figure. Months are kept in `aftersales.indicator.value` for the trend.
    """

    _name = 'aftersales.indicator'
    _description = "Indicator"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'room, sequence, code'
    _rec_name = 'name'
    _guarded_fields = frozenset({'company_id', 'code', 'room', 'sequence', 'reader_group_ids'})

    # What it is: declared by the rooms
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='cascade')
    currency_id = fields.Many2one(related='company_id.currency_id')
    code = fields.Char(required=True, readonly=True, index=True)
    room = fields.Selection(ROOMS, required=True, readonly=True, index=True)
    sequence = fields.Integer(readonly=True)
    reader_group_ids = fields.Many2many(
        'res.groups', string="Readers", readonly=True, help="Who sees this figure besides managers and accountants.",
    )
    name = fields.Char(compute='_compute_definition')
    formula = fields.Char(compute='_compute_definition')
    rule = fields.Char(compute='_compute_definition', help="Rules of the requirements behind this figure.")
    unit = fields.Selection(INDICATOR_UNITS, compute='_compute_definition')
    direction = fields.Selection(INDICATOR_DIRECTIONS, compute='_compute_definition')

    # What the company decides
    active = fields.Boolean(default=True)
    has_target = fields.Boolean(string="Has a target")
    target = fields.Float(digits=(16, 2), help="In the unit of the indicator: 90 is 90 %.")

    # What it says of the chosen period
    period_label = fields.Char(string="Period", compute='_compute_measure')
    value = fields.Float("Measured Value", digits=(16, 2), compute='_compute_measure')
    has_value = fields.Boolean(string="Has data", compute='_compute_measure')
    value_label = fields.Char(string="Figure", compute='_compute_measure')
    target_label = fields.Char(string="Goal", compute='_compute_measure')
    numerator = fields.Float(digits=(16, 2), compute='_compute_measure')
    denominator = fields.Float(digits=(16, 2), compute='_compute_measure')
    lamp = fields.Selection(INDICATOR_LAMPS, string="State", compute='_compute_measure')
    value_ids = fields.One2many('aftersales.indicator.value', 'indicator_id', string="Months")
    trend = fields.Text(string="12 months", compute='_compute_trend')

    _code_company_uniq = models.UniqueIndex("(company_id, code)", "A company has each indicator once.")

    # === COMPUTE METHODS === #

    @api.depends('code')
    @api.depends_context('lang')
    def _compute_definition(self):
        definitions = self._indicator_definitions()
        for indicator in self:
            definition = definitions.get(indicator.code, {})
            indicator.name = definition.get('name') or indicator.code
            indicator.formula = definition.get('formula') or False
            indicator.rule = definition.get('rule') or False
            indicator.unit = definition.get('unit') or False
            indicator.direction = definition.get('direction') or 'none'

    @api.depends('code', 'target', 'has_target')
    @api.depends_context('lang', 'aftersales_period', 'aftersales_date_from', 'aftersales_date_to')
    def _compute_measure(self):
        memo = {}
        for indicator in self:
            date_from, date_to = indicator._period()
            measure = indicator._measure(date_from, date_to, memo)
            goal = indicator.target if indicator.has_target else None
            indicator.period_label = indicator._period_label(date_from, date_to)
            indicator.has_value = measure.value is not None
            indicator.value = measure.value or 0.0
            indicator.numerator = measure.numerator or 0.0
            indicator.denominator = measure.denominator or 0.0
            indicator.value_label = indicator._format(measure.value)
            indicator.target_label = indicator._format(goal)
            indicator.lamp = indicator_rules.lamp(measure.value, goal, indicator.direction)

    @api.depends('value_ids.value', 'value_ids.has_value', 'value_ids.month')
    @api.depends_context('lang')
    def _compute_trend(self):
        """The last twelve months that are kept, in the form the dashboard graph draws; one query for all indicators."""
        today = {company: company._aftersales_today() for company in self.company_id}
        first = min((indicator_rules.months_back(day, TREND_MONTHS)[0] for day in today.values()), default=None)
        kept = {
            (value.indicator_id.id, value.month): value
            for value in self.env['aftersales.indicator.value'].search([
                ('indicator_id', 'in', self.ids), ('month', '>=', first or fields.Date.today()),
            ])
        }
        for indicator in self:
            points = []
            for month in indicator_rules.months_back(today[indicator.company_id], TREND_MONTHS):
                value = kept.get((indicator.id, month))
                points.append({
                    'label': str(month.month),
                    'value': round(value.value, 2) if value and value.has_value else 0,
                    'type': 'past' if month < today[indicator.company_id].replace(day=1) else 'future',
                })
            indicator.trend = json.dumps([{'key': indicator.name, 'values': points}])

    # === CRUD METHODS === #

    def write(self, vals):
        # A target somebody types is a target.
        if 'target' in vals and 'has_target' not in vals:
            vals = {**vals, 'has_target': True}
        return super().write(vals)

    # === ACTION METHODS === #

    def action_drill(self):
        """Open the facts behind the figure of the chosen period.

        :raise UserError: BAS-14 the figure has no list of facts.
        """
        self.ensure_one()
        self.check_access('read')
        date_from, date_to = self._period()
        drill = self._measure(date_from, date_to).drill
        if not drill:
            raise coded_error('BAS-14', self.env._(
                "“%(indicator)s” says nothing of %(period)s: there are no facts to open.",
                indicator=self.name, period=self._period_label(date_from, date_to),
            ))
        views = drill.get('views') or ['list', 'form']
        return {
            'type': 'ir.actions.act_window',
            'name': f'{self.name} · {self._period_label(date_from, date_to)}',
            'res_model': drill['model'],
            'views': [(False, view) for view in views],
            'domain': drill['domain'],
            'context': {'create': False, **drill.get('context', {})},
        }

    def action_view_months(self):
        """Open the months of these indicators as a graph."""
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_indicator_value_action')
        action['domain'] = [('indicator_id', 'in', self.ids)]
        action['context'] = {}
        if len(self) == 1:
            action['display_name'] = self.name
        return action

    def action_refresh_months(self):
        """Compute the last twelve months of these indicators anew (managers)."""
        indicators = self or self.search([('company_id', 'in', self.env.companies.ids)])
        indicators.check_access('write')
        indicators._store_months(TREND_MONTHS)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    # === BUSINESS METHODS: DECLARATION === #

    @api.model
    def _indicator_definitions(self):
        """Return the indicators of all rooms; each room adds its own through super().

        Keys of a definition: `name`, `formula` (in words, translated), `unit` (percent | number | days | money),
        `direction` (up | down | none), `room` (a key of ROOMS), `rule` (requirement ids); optional `target` (float, in
        the unit), `sequence`, `groups` (xmlids of who reads it besides report readers, accountants, general managers).
        Each code is computed by a method `_indicator_<code>(company, date_from, date_to)`, called as superuser with
        the company active. Both dates belong to the period; `company._aftersales_period_bounds` gives its moments.
        It returns a `Measure` (rules/indicators.py): numerator, denominator, value (None: no data), drill
        ({'model', 'domain'} of the facts).

        :rtype: dict[str, dict]
        """
        return {}

    @api.model
    def _sync_indicators(self, companies=None):
        """Create missing rows with the shipped target, drop those no room declares; targets of the company stay."""
        companies = self.env['res.company'].sudo().search([]) if companies is None else companies.sudo()
        rows = self.sudo().with_context(active_test=False).search([('company_id', 'in', companies.ids)])
        definitions = self._indicator_definitions()
        rows.filtered(lambda row: row.code not in definitions).unlink()
        rows = rows.exists()
        known = {(row.company_id.id, row.code): row for row in rows}
        vals_list = []
        for code, definition in definitions.items():
            facts = {
                'room': definition['room'], 'sequence': definition.get('sequence', 10),
                'reader_group_ids': [(6, 0, self._reader_groups(definition).ids)],
            }
            for company in companies:
                if row := known.get((company.id, code)):
                    if (row.room, row.sequence, sorted(row.reader_group_ids.ids)) != (
                        facts['room'], facts['sequence'], facts['reader_group_ids'][0][2],
                    ):
                        row._guarded().write(facts)
                    continue
                vals_list.append({
                    **facts, 'company_id': company.id, 'code': code, 'target': definition.get('target') or 0.0,
                    'has_target': definition.get('target') is not None,
                })
        self.sudo()._guarded().create(vals_list)

    @api.model
    def _reader_groups(self, definition):
        """Return the groups that read an indicator."""
        names = ['group_report_reader', 'group_accountant', 'group_general_manager', *definition.get('groups', ())]
        groups = self.env['res.groups']
        for name in names:
            groups |= self.env.ref(name if '.' in name else f'aftersales_service.{name}')
        return groups.sorted('id')

    # === BUSINESS METHODS: FIGURES === #

    def _period(self):
        """Return first and last day the context asks for: a named period, or two dates; this month otherwise.

        :rtype: tuple[date, date]
        """
        self.ensure_one()
        context = self.env.context
        today = self.company_id._aftersales_today()
        date_from = fields.Date.to_date(context.get('aftersales_date_from'))
        if date_from:
            return date_from, max(date_from, fields.Date.to_date(context.get('aftersales_date_to')) or today)
        try:
            return indicator_rules.period(context.get('aftersales_period') or 'this_month', today)
        except ValueError:
            return indicator_rules.period('this_month', today)

    def _period_label(self, date_from, date_to):
        return f'{format_date(self.env, date_from)} – {format_date(self.env, date_to)}'

    def _measure(self, date_from: date, date_to: date, memo: dict | None = None) -> Measure:
        """Compute one indicator over a period; sudo: whoever may read the indicator may read what it says.

        :param date_from: first day. :param date_to: last day, included.
        :param memo: shared by the indicators of one screen, see `_remembered`.
        """
        self.ensure_one()
        model = self.env['aftersales.indicator'].sudo().with_context(
            allowed_company_ids=self.company_id.ids, aftersales_memo={} if memo is None else memo,
        )
        compute = getattr(model, f'_indicator_{self.code}', None)
        # A row of a room that is gone says nothing until the next update drops it.
        return compute(self.company_id.with_env(model.env), date_from, date_to) if compute else Measure()

    @api.model
    def _remembered(self, key, compute):
        """Return what several indicators of one screen need, computed once.

        :param tuple key: what it is of, company and days included.
        :param compute: function without arguments.
        """
        memo = self.env.context.get('aftersales_memo')
        if memo is None:
            return compute()
        if key not in memo:
            memo[key] = compute()
        return memo[key]

    @api.model
    def _result(self, numerator, denominator, value=None, model=None, domain=None, **drill):
        """Build the measure of an indicator from Decimals, floats or None."""
        return Measure(
            *(None if number is None else float(number) for number in (numerator, denominator, value)),
            {'model': model, 'domain': domain or [], **drill} if model else None,
        )

    def _format(self, value):
        """Return a figure as people write it; a dash without data."""
        self.ensure_one()
        if value is None:
            return "—"
        if self.unit == 'money':
            return formatLang(self.env, value, currency_obj=self.currency_id)
        text = formatLang(self.env, value, digits=2 if self.unit == 'percent' else 0 if value == int(value) else 2)
        if self.unit == 'percent':
            return f'{text} %'
        return self.env._("%(days)s days", days=text) if self.unit == 'days' else text

    # === BUSINESS METHODS: TREND === #

    def _store_months(self, count=2):
        """Compute and keep the last `count` months, and the older ones of a year that are not kept yet.

        sudo: called by the night's cron or after the right to write was checked.
        """
        Value = self.env['aftersales.indicator.value'].sudo()
        now = fields.Datetime.now()
        months = {}
        for company in self.company_id:
            today = company._aftersales_today()
            months[company] = (today, indicator_rules.months_back(today, TREND_MONTHS))
        kept = {
            (value.indicator_id.id, value.month): value for value in Value.search([('indicator_id', 'in', self.ids)])
        }
        vals_list, memo = [], {}
        for indicator in self:
            today, wanted = months[indicator.company_id]
            for month in wanted:
                old = kept.get((indicator.id, month))
                if old and month not in wanted[-count:]:
                    continue
                measure = indicator._measure(month, min(indicator_rules.month_end(month), today), memo)
                vals = {
                    'value': measure.value or 0.0, 'has_value': measure.value is not None,
                    'numerator': measure.numerator or 0.0, 'denominator': measure.denominator or 0.0,
                    'computed_at': now,
                }
                if old:
                    old._guarded().write(vals)
                else:
                    vals_list.append({**vals, 'indicator_id': indicator.id, 'month': month})
        Value._guarded().create(vals_list)

    @api.model
    def _cron_store_months(self):
        """Keep this month and the last one of every company, so that trends need no computing by day."""
        companies = self.env['res.company'].search([])
        for done, company in enumerate(companies, start=1):
            self.search([('company_id', '=', company.id)])._store_months()
            self.env['ir.cron']._commit_progress(1, remaining=len(companies) - done)
