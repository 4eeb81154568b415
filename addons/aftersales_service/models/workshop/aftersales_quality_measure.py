from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesQualityMeasure(models.Model):
    """One item looked at in a check: a tick, or a number against its limits of use (R-PROC-73)."""

    _name = 'aftersales.quality.measure'
    _description = "Checked Item"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'check_id, sequence, id'
    _guarded_fields = frozenset(
        {
            'check_id',
            'name',
            'value',
            'has_value',
            'unit',
            'has_min',
            'limit_min',
            'has_max',
            'limit_max',
            'result',
            'is_safety',
            'note',
            'proposed_job_id',
        }
    )

    check_id = fields.Many2one('aftersales.quality.check', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='check_id.company_id', store=True, index=True)
    sequence = fields.Integer(default=10, readonly=True)
    name = fields.Char(required=True, readonly=True)
    has_value = fields.Boolean(readonly=True)
    value = fields.Float("Measured Value", digits=(16, 3), readonly=True)
    unit = fields.Char(readonly=True)
    has_min = fields.Boolean(readonly=True)
    limit_min = fields.Float("Minimum", digits=(16, 3), readonly=True)
    has_max = fields.Boolean(readonly=True)
    limit_max = fields.Float("Maximum", digits=(16, 3), readonly=True)
    result = fields.Selection(
        [('ok', "In Order"), ('limit', "Limit Reached"), ('fail', "Not in Order")],
        required=True,
        readonly=True,
        default='ok',
    )
    is_safety = fields.Boolean(readonly=True)
    note = fields.Char(readonly=True)
    proposed_job_id = fields.Many2one(
        'aftersales.repair.job', "Proposed to the Customer", readonly=True, ondelete='set null'
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_guarded():
            raise coded_error('WRK-85', self.env._("A check is recorded with “Pass” or “Fail”, not typed in."))
        return super().create(vals_list)

    @api.model
    def _prepare_vals(self, item):
        """Return the values of one item of a check; the result of a measure follows from its limits.

        :param dict item: name; value and unit of a measure, limit_min and limit_max (None: no limit); result of a tick
            (ok, limit, fail); is_safety, note. Or `template_line_id` instead of name, unit and limits.
        :rtype: dict
        """
        line = self.env['aftersales.quality.template.line'].sudo().browse(item.get('template_line_id') or [])
        low = item.get('limit_min', line.limit_min if line.has_min else None)
        high = item.get('limit_max', line.limit_max if line.has_max else None)
        value = item.get('value')
        result = item.get('result') or 'ok'
        if (
            value is not None
            and result == 'ok'
            and ((low is not None and value <= low) or (high is not None and value >= high))
        ):
            result = 'limit'
        return {
            'name': item.get('name') or line.name,
            'has_value': value is not None,
            'value': value or 0.0,
            'unit': item.get('unit') or line.unit or False,
            'has_min': low is not None,
            'limit_min': low or 0.0,
            'has_max': high is not None,
            'limit_max': high or 0.0,
            'result': result,
            'is_safety': bool(item.get('is_safety', line.is_safety)),
            'note': item.get('note') or False,
        }
