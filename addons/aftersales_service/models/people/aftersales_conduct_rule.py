from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.errors import coded_error
from .const import GRAVITIES, KINDS


class AftersalesConductRule(models.Model):
    """One rule of a version of the rule book: what is rewarded or punishable, and what may follow (R-RWD, R-PEN)."""

    _name = 'aftersales.conduct.rule'
    _description = "Rule of conduct"
    _order = 'kind desc, sequence, code, id'
    _rec_names_search = ['name', 'code']

    rulebook_id = fields.Many2one('aftersales.conduct.rulebook', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='rulebook_id.company_id', store=True, index=True)
    state = fields.Selection(related='rulebook_id.state')
    kind = fields.Selection(KINDS, required=True, default='penalty')
    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    text = fields.Text(translate=True, help="Wording as adopted and published.")
    sequence = fields.Integer(default=10)
    gravity = fields.Selection(GRAVITIES, default='light', required=True, help="Proposed; the decision may differ.")
    is_immediate = fields.Boolean(
        string="Immediate", help="May be sanctioned without an earlier talk or criticism (R-RP-03).",
    )
    measure_ids = fields.Many2many(
        'aftersales.conduct.measure', 'aftersales_conduct_rule_measure_rel', 'rule_id', 'measure_id',
        string="Allowed measures", domain="[('kind', '=', kind)]",
    )
    ladder_id = fields.Many2one('aftersales.conduct.ladder', index='btree_not_null', ondelete='restrict')
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    amount = fields.Monetary(help="Proposed on the record: bonus of a reward, performance pay withheld of a penalty.")
    has_compensation = fields.Boolean(help="The act can do damage that has to be made good, against proof.")
    counts_as_absence = fields.Boolean(help="The day goes to attendance, not to money (R-PEN-23).")
    is_criminal = fields.Boolean(string="May be criminal", help="The record asks whether the authorities were told (R-RP-05).")
    employee_scope = fields.Char(translate=True, help="For whom: everybody unless told.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(rulebook_id, code)", "A rule appears once in a version of the rule book.")

    @api.depends('company_id')
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.depends('code', 'name')
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f'{rule.code} {rule.name}' if rule.code else rule.name

    @api.constrains('measure_ids', 'kind')
    def _check_measures(self):
        for rule in self:
            if wrong := rule.measure_ids.filtered(lambda measure, rule=rule: measure.kind != rule.kind):
                raise coded_error('PPL-02', self.env._(
                    "%(measure)s does not fit rule %(rule)s: rewards and penalties keep apart.",
                    measure=wrong[0].name, rule=rule.display_name,
                ), ValidationError)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.rulebook_id._ensure_editable()
        return rules

    def write(self, vals):
        self.rulebook_id._ensure_editable()
        result = super().write(vals)
        self.rulebook_id._ensure_editable()
        return result

    def unlink(self):
        self.rulebook_id._ensure_editable()
        return super().unlink()
