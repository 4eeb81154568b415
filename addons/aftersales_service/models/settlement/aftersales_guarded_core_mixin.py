from odoo import api, models


class AftersalesGuardedCoreMixin(models.AbstractModel):
    """Guarded facts on models of Odoo that go on working on what they have just created.

    Journal entries synchronise their lines *after* the records exist: the key must stay until the outermost
    `create` is through. Extensions close it there with `_close`.
    """

    _name = 'aftersales.guarded.core.mixin'
    _description = "Facts recorded by verbs only, on Odoo's own documents"
    _inherit = ['aftersales.guarded.mixin']

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        return records._guarded() if self._is_guarded() else records

    def _close(self):
        """Return these records without the key."""
        return self._unguarded()
