from odoo import api, fields, models, tools

from .const import PROFILES
from .errors import coded_error


class AftersalesProfile(models.Model):
    """How strictly one kind of order is run; one of each kind per company, made with the company.

    The `company` profile holds the gates of everything without an order: counts, tool loans, sign-offs, hearings.
    """

    _name = 'aftersales.profile'
    _description = "Order profile"
    _inherit = ['aftersales.guarded.mixin', 'mail.thread']
    _order = 'company_id, sequence, id'
    _rec_names_search = ['custom_name', 'code']
    _guarded_fields = frozenset({'code', 'company_id'})

    name = fields.Char(compute='_compute_name', inverse='_inverse_name')
    custom_name = fields.Char(string="Own name", translate=True, help="Replaces the usual name of the profile.")
    code = fields.Selection(PROFILES, required=True, readonly=True, copy=False)
    company_id = fields.Many2one('res.company', required=True, readonly=True, copy=False, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True, help="Archived profiles are not offered on new orders.")
    note = fields.Text(translate=True)
    gate_ids = fields.One2many('aftersales.profile.gate', 'profile_id', string="Gates")
    gate_on_count = fields.Integer(string="Gates in force", compute='_compute_gate_on_count')

    _code_company_uniq = models.UniqueIndex("(code, company_id)", "Each company has one profile of each kind.")

    # === COMPUTE METHODS === #

    @api.depends('code', 'custom_name')
    @api.depends_context('lang')
    def _compute_name(self):
        labels = dict(self._fields['code']._description_selection(self.env))
        for profile in self:
            profile.name = profile.custom_name or labels.get(profile.code) or ''

    def _inverse_name(self):
        for profile in self:
            profile.custom_name = profile.name

    @api.depends('custom_name', 'code')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = profile.name

    @api.depends('gate_ids.level')
    def _compute_gate_on_count(self):
        counts = dict(self.env['aftersales.profile.gate']._read_group(
            [('profile_id', 'in', self.ids), ('level', '!=', 'off')], ['profile_id'], ['__count'],
        ))
        for profile in self:
            profile.gate_on_count = counts.get(profile._origin, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        self.env.registry.clear_cache()
        return profiles

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if not self.env.context.get('module_uninstall') and self:
            raise coded_error('BAS-02', self.env._(
                "A profile cannot be deleted, archive %(name)s instead.", name=", ".join(self.mapped('display_name')),
            ))

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_view_gates(self):
        """Open the gates of this profile."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_profile_gate_action')
        action['domain'] = [('profile_id', '=', self.id)]
        action['context'] = {}
        return action

    # === BUSINESS METHODS === #

    def _gate(self, code):
        """Return how strict a gate is for this profile.

        :param str code: gate declared by `_gate_definitions`.
        :return: off | warn | block | override; a gate without a row has the level shipped for the shop's size.
        :rtype: str
        :raise ValueError: no room declares such a gate.
        """
        self.ensure_one()
        level = self._gate_levels().get(code)
        return level or self.env['aftersales.profile.gate']._shipped_level(self, code)

    @tools.ormcache('self.id')
    def _code(self):
        """Return the code, which never changes, without reading the record; sudo: every desk shows it."""
        return self.sudo().code

    @tools.ormcache('self.id')
    def _gate_levels(self):
        """Return {gate code: level} of this profile's rows; sudo: levels are no secret and every verb asks."""
        gates = self.env['aftersales.profile.gate'].sudo()
        gates = gates.search_fetch([('profile_id', '=', self.id)], ['code', 'level'])
        return {gate.code: gate.level for gate in gates}

    @api.model
    def _sync_profiles(self, companies=None):
        """Create the profiles and gates that are missing; called with each company and on every update.

        :param companies: res.company, all unless given.
        """
        if companies is None:
            companies = self.env['res.company'].sudo().search([])
        existing = {
            (profile.company_id.id, profile.code)
            for profile in self.sudo().with_context(active_test=False).search([('company_id', 'in', companies.ids)])
        }
        self.sudo()._guarded().create([
            {'company_id': company.id, 'code': code, 'sequence': sequence * 10}
            for company in companies
            for sequence, (code, _name) in enumerate(PROFILES, start=1)
            if (company.id, code) not in existing
        ])
        self.env['aftersales.profile.gate']._sync_gates(companies)
