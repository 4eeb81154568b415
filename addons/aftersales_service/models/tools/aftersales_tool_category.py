from odoo import api, fields, models

from ..base.errors import coded_error


class AftersalesToolCategory(models.Model):
    """A kind of tool: how it is lent, how it is counted, how long it serves."""

    _name = 'aftersales.tool.category'
    _description = "Tool category"
    _order = 'sequence, name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name on labels and lists.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Empty: for all companies.")
    behaviour = fields.Selection(
        [('loan', "Same-day loan"), ('personal', "Personal issue"), ('team', "Team tool")],
        required=True, default='loan',
        help="Same-day loan: due back at closing time. Personal issue: stays with one person for its service life, a "
             "new one only for the old one. Team tool: the team leader answers for it and checks it daily.",
    )
    tracking = fields.Selection(
        [('serial', "Each piece has its number"), ('quantity', "By number of pieces")], required=True, default='serial',
        help="Counted: one record stands for many equal pieces, such as wheel sockets.",
    )
    service_life_months = fields.Integer(
        "Service life (months)", help="Exchange of personal tools, and what a lost tool is still worth. 0: no limit.",
    )
    calibration_months = fields.Integer(
        "Calibration every (months)", help="0: needs no calibration.",
    )
    is_rescue = fields.Boolean("Rescue set", help="Kept apart for road rescue; may stay out over night.")
    is_special = fields.Boolean("Special tools", help="Certain processes need them; shown to dispatch.")
    product_categ_id = fields.Many2one(
        'product.category', "Goods category", ondelete='restrict',
        help="Goods of this category that are bought become tools of this one.",
    )
    tool_ids = fields.One2many('aftersales.tool', 'category_id', string="Tools")
    tool_count = fields.Integer("Number of tools", compute='_compute_tool_count')

    _life_positive = models.Constraint(
        'CHECK(service_life_months >= 0 AND calibration_months >= 0)', "Months are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends('tool_ids')
    def _compute_tool_count(self):
        counts = dict(self.env['aftersales.tool']._read_group(
            [('category_id', 'in', self.ids)], ['category_id'], ['__count'],
        ))
        for category in self:
            category.tool_count = counts.get(category._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        for name in ('behaviour', 'tracking'):
            changed = self.filtered(lambda category, name=name: name in vals and category[name] != vals[name])
            if changed and changed._has_history_sudo():
                raise coded_error('TOO-10', self.env._(
                    "%(category)s has tools with entries in the ledger: how they are lent and counted cannot change. "
                    "Create another category for new tools.", category=changed[0].name,
                ))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_view_tools(self):
        """Open the tools of this category."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_tool_action')
        action.update(domain=[('category_id', '=', self.id)], context={'default_category_id': self.id})
        return action

    # === BUSINESS METHODS === #

    def _has_history_sudo(self):
        """Whether the ledger names a tool of these categories; sudo: of whatever company."""
        return bool(self.env['aftersales.tool.move'].sudo().search_count(
            [('tool_id.category_id', 'in', self.ids)], limit=1,
        ))
