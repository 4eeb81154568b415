import csv
from pathlib import Path

from ..common import AftersalesCommon

MATRIX = Path(__file__).resolve().parents[1] / 'permissions.csv'
VERBS = ('read', 'write', 'create', 'unlink')


class TestPermissionMatrix(AftersalesCommon):
    """The matrix role × model × verb of tests/permissions.csv holds in the real system, and leaves nothing out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with MATRIX.open(encoding='utf-8', newline='') as source:
            cls.rows = list(csv.DictReader(line for line in source if not line.startswith('#')))
        cls.roles = sorted(
            cls.env['ir.model.data'].search([
                ('module', '=', 'aftersales_service'), ('model', '=', 'res.groups'), ('name', '=like', 'group_%'),
            ]).mapped(lambda data: data.name.removeprefix('group_')),
        )

    def test_every_row_holds(self):
        wrong = []
        for row in self.rows:
            model = self.env[row['model']].with_user(self._role(row['role']))
            for verb in VERBS:
                if model.has_access(verb) != (row[verb] == '1'):
                    wrong.append(f"{row['role']} {verb} {row['model']}: {'allowed' if row[verb] == '0' else 'denied'}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_every_model_of_a_listed_room_has_a_row_for_every_role(self):
        listed = {(row['role'], row['model']) for row in self.rows}
        self.assertEqual(len(listed), len(self.rows), "a role and model are listed twice")
        rooms = {self._room(row['model']) for row in self.rows}
        missing = sorted(
            f"{role},{name}" for name, model in self.registry.items() for role in self.roles
            if name.startswith('aftersales.') and not model._abstract and self._room(name) in rooms
            and (role, name) not in listed
        )
        self.assertFalse(missing, f"{len(missing)} rows are missing in tests/permissions.csv: {missing[:20]}")

    def _room(self, name):
        """Return the room whose folder defines a model."""
        # The definition stands below the extensions that later rooms put upon it.
        for cls in reversed(self.registry[name].__mro__):
            path = cls.__module__.split('.')
            if getattr(cls, '_name', None) == name and path[2:3] == ['aftersales_service']:
                return path[4]
        return None
