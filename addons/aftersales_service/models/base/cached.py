from odoo import api, models


class AftersalesCachedMixin(models.AbstractModel):
    """Records that others read from the server's memory (`ormcache`): whatever changes them makes it forget."""

    _name = 'aftersales.cached.mixin'
    _description = "Read from memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
