from odoo import api, models

from .errors import coded_error

# Lives in this process only: a context that came over RPC can name the key but never hold this object.
_SENTINEL = object()
_KEY = 'aftersales_guard'


class AftersalesGuardedMixin(models.AbstractModel):
    """Facts that only our own verbs record: nobody writes them by hand, import or RPC, not even the superuser.

    A model (and each room's extension of it) lists its facts in `_guarded_fields`; the lists of all rooms add up.
    The fields should be `copy=False`, since a duplicate is created by hand.
    """

    _name = 'aftersales.guarded.mixin'
    _description = "Facts recorded by verbs only"

    _guarded_fields = frozenset()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_guarded():
            # The key opens this one call; the caller gets records that are closed again.
            return super().create(vals_list).with_env(self.env(context=self._context_without_guard()))
        guarded = self._get_guarded_fields()
        # `default_state` in a context is a way to write too.
        defaults = {f'default_{name}' for name in guarded} & set(self.env.context)
        records = self
        if defaults:
            context = {key: value for key, value in self.env.context.items() if key not in defaults}
            records = self.with_env(self.env(context=context))
        for vals in vals_list:
            records._refuse_guarded({
                name for name in guarded.intersection(vals) if not records._is_guarded_default(name, vals[name])
            })
        return super(AftersalesGuardedMixin, records).create(vals_list)

    def write(self, vals):
        if not self._is_guarded():
            self._refuse_guarded(self._get_guarded_fields().intersection(vals))
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _guarded(self):
        """Return these records with the key to their guarded fields: `order._guarded().write({'state': …})`."""
        return self.with_context(**{_KEY: _SENTINEL})

    def _is_guarded(self):
        """Whether the environment carries the key."""
        return self.env.context.get(_KEY) is _SENTINEL

    def _unguarded(self):
        """Return these records without the key, to hand them on to code that must not have it."""
        return self.with_env(self.env(context=self._context_without_guard())) if self._is_guarded() else self

    def _context_without_guard(self):
        return {key: value for key, value in self.env.context.items() if key != _KEY}

    @api.model
    def _get_guarded_fields(self):
        """Return the facts of this model, of all rooms together.

        :rtype: frozenset[str]
        """
        return frozenset().union(*(
            cls.__dict__['_guarded_fields'] for cls in type(self).__mro__ if '_guarded_fields' in cls.__dict__
        ))

    def _is_guarded_default(self, name, value):
        """Whether a value given at creation says nothing: empty, or what the field has anyway."""
        field = self._fields[name]
        return not value or (field.default is not None and field.default(self) == value)

    def _refuse_guarded(self, names):
        if not names:
            return
        labels = sorted(self._fields[name]._description_string(self.env) or name for name in names)
        raise coded_error('BAS-01', self.env._(
            "“%(fields)s” of %(model)s is recorded by the system when the step is done; it cannot be written by hand. "
            "Use the buttons of the document instead.",
            fields=", ".join(labels), model=self._description,
        ))
