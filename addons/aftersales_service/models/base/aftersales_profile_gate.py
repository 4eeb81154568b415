from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .const import GATE_LEVELS
from .errors import coded_error

LEVEL_RANKS = ('off', 'warn', 'override', 'block')


class AftersalesProfileGate(models.Model):
    """How strict one gate is for one profile; the service manager reads and edits these rows."""

    _name = 'aftersales.profile.gate'
    _description = "Gate of a profile"
    _inherit = ['aftersales.guarded.mixin']
    _order = 'profile_id, code'
    _rec_name = 'name'
    _guarded_fields = frozenset({'profile_id', 'code'})

    profile_id = fields.Many2one('aftersales.profile', required=True, readonly=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='profile_id.company_id', store=True, index=True)
    code = fields.Selection('_selection_code', string="Gate rule", required=True, readonly=True, index=True)
    level = fields.Selection(
        GATE_LEVELS, required=True, default='off',
        help="Off: nothing is checked. Warn: written to the document's history. Block: refused until cured. "
             "Override: refused, but the person in charge may pass it with a reason, which is counted.",
    )
    level_rank = fields.Integer(
        string="Strictness", compute='_compute_level_rank', store=True, aggregator='max',
        help="0 off, 1 warn, 2 override, 3 block: for the matrix of gates and profiles.",
    )
    name = fields.Char(compute='_compute_definition')
    help = fields.Text(compute='_compute_definition')
    rule = fields.Char(compute='_compute_definition', help="Rules of the requirements behind this gate.")
    is_never_off = fields.Boolean(compute='_compute_definition', help="May be loosened, but not switched off.")
    shipped_level = fields.Selection(GATE_LEVELS, string="Shipped Default", compute='_compute_shipped_level',
                                     help="Level shipped for the size of your shop.")
    is_changed = fields.Boolean(compute='_compute_shipped_level', search='_search_is_changed')
    override_count = fields.Integer(string="Overrides (90 days)", compute='_compute_override_count')

    _code_profile_uniq = models.UniqueIndex("(code, profile_id)", "A gate appears once in a profile.")

    # === SELECTION METHODS === #

    @api.model
    def _selection_code(self):
        """Return the gates of all rooms with their names, so that lists group and search by them."""
        return [(code, definition['name']) for code, definition in self._gate_definitions().items()]

    # === COMPUTE METHODS === #

    @api.depends('level')
    def _compute_level_rank(self):
        for gate in self:
            gate.level_rank = LEVEL_RANKS.index(gate.level)

    @api.depends('code')
    @api.depends_context('lang')
    def _compute_definition(self):
        definitions = self._gate_definitions()
        for gate in self:
            definition = definitions.get(gate.code, {})
            gate.name = definition.get('name') or gate.code
            gate.help = definition.get('help') or False
            gate.rule = definition.get('rule') or False
            gate.is_never_off = bool(definition.get('never_off'))

    @api.depends('code', 'level', 'profile_id.code', 'profile_id.company_id.aftersales_shop_size')
    def _compute_shipped_level(self):
        definitions = self._gate_definitions()
        for gate in self:
            gate.shipped_level = self._definition_level(
                definitions.get(gate.code, {}), gate.company_id.aftersales_shop_size, gate.profile_id.code,
            ) or 'off'
            gate.is_changed = gate.shipped_level != gate.level

    def _search_is_changed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return [('id', 'in', self.search([]).filtered('is_changed').ids)]

    def _compute_override_count(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        counts = {
            (profile, gate): count for profile, gate, count in self.env['aftersales.override']._read_group(
                [('profile_id', 'in', self.profile_id.ids), ('create_date', '>=', since)],
                ['profile_id', 'gate'], ['__count'],
            )
        }
        for gate in self:
            gate.override_count = counts.get((gate.profile_id, gate.code), 0)

    # === CONSTRAINT METHODS === #

    @api.constrains('level', 'code')
    def _check_never_off(self):
        definitions = self._gate_definitions()
        for gate in self:
            if gate.level == 'off' and definitions.get(gate.code, {}).get('never_off'):
                raise coded_error('BAS-04', self.env._(
                    "The gate “%(gate)s” is never off. Choose “Warn” if it must not stop anybody.", gate=gate.name,
                ), ValidationError)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        gates = super().create(vals_list)
        self.env.registry.clear_cache()
        return gates

    def write(self, vals):
        before = {gate: gate.level for gate in self} if 'level' in vals else {}
        result = super().write(vals)
        if 'level' in vals:
            self.env.registry.clear_cache()
            self._log_levels(before)
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_view_overrides(self):
        """Open what was overridden at this gate."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('aftersales_service.aftersales_override_action')
        action['domain'] = [('gate', '=', self.code), ('profile_id', '=', self.profile_id.id)]
        action['context'] = {}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _gate_definitions(self):
        """Return the gates of all rooms; each room adds its own through super().

        Keys of a definition: `name` (translated), `rule` (requirement ids), `large` and `small`: {profile code or '*':
        level}; optional `help` (translated), `never_off` (bool), `group` (xmlid of who may override, the service
        manager unless given). A gate belongs to the company-wide profile when `large` names `company`, and to the
        order profiles when it names any of them or '*'.

        :rtype: dict[str, dict]
        """
        return {}

    @api.model
    def _definition_level(self, definition, size, profile_code):
        """Return the level shipped for a profile; '*' stands for every profile that is not named; None: no gate."""
        levels = definition.get(size) or definition.get('large') or {}
        if profile_code in levels:
            return levels[profile_code]
        return levels.get('*') if profile_code != 'company' else None

    @api.model
    def _shipped_level(self, profile, code):
        """Return the level that is shipped for a gate which has no row on this profile.

        :raise ValueError: no room declares such a gate (a typing mistake would be a gate that is always open).
        """
        definition = self._gate_definitions().get(code)
        if definition is None:
            raise ValueError(f'No gate is declared with the code {code!r}')
        size = profile.sudo().company_id.aftersales_shop_size
        levels = definition.get(size) or definition.get('large') or {}
        return levels.get(profile.code) or levels.get('*') or 'off'

    @api.model
    def _override_group(self, code):
        """Return the xmlid of the group that may override a gate."""
        return self._gate_definitions().get(code, {}).get('group') or 'aftersales_service.group_service_manager'

    @api.model
    def _sync_gates(self, companies=None):
        """Create the missing rows at the shipped level, drop rows of gates that no room declares any more.

        Levels that a manager has set stay as they are.
        """
        profiles = self.env['aftersales.profile'].sudo().with_context(active_test=False).search(
            [('company_id', 'in', companies.ids)] if companies is not None else [],
        )
        definitions = self._gate_definitions()
        gates = self.sudo().search_fetch([('profile_id', 'in', profiles.ids)], ['profile_id', 'code'])
        gates.filtered(lambda gate: gate.code not in definitions).unlink()
        existing = {(gate.profile_id.id, gate.code) for gate in gates.exists()}
        vals_list = []
        for profile in profiles:
            size = profile.company_id.aftersales_shop_size
            for code, definition in definitions.items():
                level = self._definition_level(definition, size, profile.code)
                if level and (profile.id, code) not in existing:
                    vals_list.append({'profile_id': profile.id, 'code': code, 'level': level})
        self.sudo()._guarded().create(vals_list)

    def _apply_shipped(self, size):
        """Set these gates to the levels shipped for a shop of that size.

        :param str size: large | small.
        """
        definitions = self._gate_definitions()
        by_level = defaultdict(self.browse)
        for gate in self:
            level = self._definition_level(definitions.get(gate.code, {}), size, gate.profile_id.code) or 'off'
            if gate.level != level:
                by_level[level] |= gate
        for level, gates in by_level.items():
            gates.write({'level': level})

    def _log_levels(self, before):
        """Write into the profile's history who changed which level, one message a profile."""
        labels = dict(GATE_LEVELS)
        if self.env.lang:
            labels = dict(self._fields['level']._description_selection(self.env))
        changes = defaultdict(list)
        for gate, old in before.items():
            if old != gate.level:
                changes[gate.profile_id].append(self.env._(
                    "%(gate)s: %(old)s → %(new)s", gate=gate.name, old=labels.get(old, old), new=labels[gate.level],
                ))
        if changes:
            profiles = self.env['aftersales.profile'].browse([profile.id for profile in changes])
            profiles._message_log_batch(bodies={
                profile.id: Markup("<br/>").join(lines) for profile, lines in changes.items()
            })
