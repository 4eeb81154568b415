from odoo import api, fields, models


class AftersalesConductAnalysis(models.Model):
    """Rewards and penalties by rule, team, month and channel of money: a row for each record and channel.

    Numbers of records stand on one row of each record only, so that sums count it once.
    """

    _name = 'aftersales.conduct.analysis'
    _description = "Analysis of Conduct"
    _auto = False
    _order = 'act_date desc, id desc'
    _rec_name = 'record_id'

    record_id = fields.Many2one('aftersales.conduct.record', string="Conduct record", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    employee_id = fields.Many2one('hr.employee', string="Person", readonly=True)
    department_id = fields.Many2one('hr.department', readonly=True)
    team_id = fields.Many2one('aftersales.team', readonly=True)
    kind = fields.Selection(selection='_selection_kind', readonly=True)
    rule_id = fields.Many2one('aftersales.conduct.rule', readonly=True)
    rule_code = fields.Char(string="Rule, all versions", readonly=True)
    measure_id = fields.Many2one('aftersales.conduct.measure', readonly=True)
    gravity = fields.Selection(selection='_selection_gravity', readonly=True)
    channel = fields.Selection(selection='_selection_channel', readonly=True)
    act_date = fields.Date(readonly=True)
    effective_from = fields.Date(readonly=True)
    hold = fields.Selection(selection='_selection_hold', string="Waits for", readonly=True)
    payroll = fields.Selection(
        [('ready', "Ready for the payroll"), ('blocked', "Blocked"), ('handed_over', "Handed to the payroll"), ('none', "No money")], string="Payroll",
        readonly=True, help="Blocked: decided, but not told, not acknowledged, or still open to objection.")
    review_result = fields.Selection(
        [('open', "Open"), ('uphold', "Upheld"), ('change', "Decision changed"), ('cancel', "Decision cancelled"), ('none', "No objection")],
        string="Objection", readonly=True, help="Result of the last objection.")
    reward_count = fields.Integer(string="Rewards", readonly=True)
    penalty_count = fields.Integer(string="Penalties", readonly=True)
    objection_count = fields.Integer(string="Objections", readonly=True)
    days_to_decide = fields.Integer(readonly=True, aggregator='avg', help="From discovery to decision.")
    amount = fields.Monetary(readonly=True, help="As decided: what the person receives (+) or gives (−).")
    handed_amount = fields.Monetary(string="Handed to the payroll", readonly=True)

    # The record's own selections; reports are imported before the rooms of models.
    @api.model
    def _selection_kind(self):
        return self._selection_of('aftersales.conduct.record', 'kind')

    @api.model
    def _selection_gravity(self):
        return self._selection_of('aftersales.conduct.record', 'gravity')

    @api.model
    def _selection_hold(self):
        return self._selection_of('aftersales.conduct.record', 'hold')

    @api.model
    def _selection_channel(self):
        return [*self._selection_of('aftersales.payroll.line', 'channel'), ('none', self.env._("Without money"))]

    def _selection_of(self, model, name):
        return self.env[model]._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        """Channels of each record (one row without money), what the payroll had of them, the last objection."""
        return """
            SELECT row_number() OVER (ORDER BY record.id, part.channel) AS id,
                   record.id AS record_id, record.company_id, company.currency_id, record.employee_id, record.department_id,
                   record.team_id, record.kind, record.rule_id, rule.code AS rule_code, record.measure_id, record.gravity, part.channel,
                   record.act_date, record.effective_from, COALESCE(record.hold, 'done') AS hold,
                   CASE WHEN part.channel = 'none' THEN 'none'
                        WHEN record.hold IN ('ready', 'carried') THEN 'ready'
                        WHEN record.is_settled THEN 'handed_over'
                        WHEN record.hold = 'done' THEN 'none'
                        ELSE 'blocked' END AS payroll,
                   CASE WHEN objection.id IS NULL THEN 'none' ELSE COALESCE(objection.result, 'open') END AS review_result,
                   CASE WHEN part.position = 1 AND record.kind = 'reward' THEN 1 ELSE 0 END AS reward_count,
                   CASE WHEN part.position = 1 AND record.kind = 'penalty' AND record.is_cancelled IS NOT TRUE THEN 1 ELSE 0 END AS penalty_count,
                   CASE WHEN part.position = 1 THEN objection.number ELSE 0 END AS objection_count,
                   CASE WHEN part.position = 1 AND record.kind = 'penalty' THEN
                       (record.decided_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date - record.discovered_on END AS days_to_decide,
                   part.amount, COALESCE(handed.amount * part.sign, 0) AS handed_amount
              FROM aftersales_conduct_record record
              JOIN res_company company ON company.id = record.company_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
              JOIN aftersales_conduct_rule rule ON rule.id = record.rule_id
        CROSS JOIN LATERAL (
                SELECT channel, sign, amount * sign AS amount, row_number() OVER (ORDER BY channel) AS position
                  FROM (VALUES ('bonus', 1, record.bonus_amount), ('performance', -1, record.performance_amount),
                               ('compensation', -1, record.compensation_amount), ('fine', -1, record.fine_amount)
                       ) channels(channel, sign, amount)
                 WHERE amount <> 0
             UNION ALL
                SELECT 'none', 1, 0, 1
                 WHERE COALESCE(record.bonus_amount, 0) = 0 AND COALESCE(record.performance_amount, 0) = 0
                   AND COALESCE(record.compensation_amount, 0) = 0 AND COALESCE(record.fine_amount, 0) = 0
                   ) part
         LEFT JOIN LATERAL (
                SELECT max(review.id) AS id, count(*)::int AS number,
                       (array_agg(review.result ORDER BY review.id DESC))[1] AS result
                  FROM aftersales_conduct_review review WHERE review.record_id = record.id
                   ) objection ON TRUE
         LEFT JOIN LATERAL (
                SELECT sum(line.amount) AS amount
                  FROM aftersales_payroll_line line JOIN aftersales_payroll_batch batch ON batch.id = line.batch_id
                 WHERE line.record_id = record.id AND line.channel = part.channel AND batch.state = 'locked'
                   ) handed ON TRUE
             WHERE record.withdrawn_at IS NULL AND record.decided_at IS NOT NULL
        """

    def action_open_record(self):
        """Open the record behind a row."""
        self.ensure_one()
        return self.record_id._get_records_action()
