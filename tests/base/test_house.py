import ast
import collections
import re
from pathlib import Path

from lxml import etree

from ..common import AftersalesPureCase

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / 'addons' / 'aftersales_service'
MODEL = re.compile(r'aftersales(\.[a-z0-9_]+)+')


def rooms():
    """Return the rooms in building order, as models/__init__.py imports them."""
    tree = ast.parse((ADDON / 'models' / '__init__.py').read_text(encoding='utf-8'))
    return [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]


def python_files(*folders):
    return sorted(path for folder in folders for path in (ADDON / folder).rglob('*.py'))


def constants(path):
    """Yield (line, text) of each string in a Python file."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def defined_models(path):
    """Yield the names of the models that a file defines: with `_name`, without inheriting that same name."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.ClassDef):
            values = {
                line.targets[0].id: ast.literal_eval(line.value) for line in node.body
                if isinstance(line, ast.Assign) and getattr(line.targets[0], 'id', '') in ('_name', '_inherit')
            }
            inherited = values.get('_inherit') or []
            if values.get('_name') and values['_name'] not in ([inherited] if isinstance(inherited, str) else inherited):
                yield values['_name']


def room_of(path):
    """Return the room of a file: models/<room>/…, views/<room>/…, controllers/<room>.py."""
    return path.relative_to(ADDON).parts[1].removesuffix('.py')


class TestHouse(AftersalesPureCase):
    """The rules of the house that only files can break."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rank = {room: number for number, room in enumerate(rooms())}
        cls.home = {
            name: room_of(path) for path in python_files('models', 'wizards', 'reports') if room_of(path) in cls.rank
            for name in defined_models(path)
        }
        cls.manifest = ast.literal_eval((ADDON / '__manifest__.py').read_text(encoding='utf-8'))

    def test_no_room_names_a_model_of_a_later_room(self):
        wrong = []
        for path in python_files('models', 'wizards', 'reports', 'controllers'):
            if room_of(path) in self.rank:
                wrong += [f"{path}:{line} {text}" for line, text in constants(path) if self._is_later(text, room_of(path))]
        for folder in ('views', 'security', 'data', 'reports', 'wizards'):
            for path in (ADDON / folder).rglob('*.xml'):
                if room_of(path) in self.rank:
                    names = set(re.findall(r'[>"\'](aftersales\.[a-z0-9_.]+)[<"\']', path.read_text(encoding='utf-8')))
                    wrong += [f"{path} {name}" for name in sorted(names) if self._is_later(name, room_of(path))]
        self.assertFalse(wrong, "\n".join(wrong))

    def _is_later(self, name, room):
        return bool(MODEL.fullmatch(name)) and self.rank[self.home.get(name, room)] > self.rank[room]

    def test_rules_are_pure(self):
        wrong = [
            str(path) for path in python_files('rules')
            if re.search(r'^\s*(from|import) (odoo|\.\.)', path.read_text(encoding='utf-8'), re.MULTILINE)
        ]
        self.assertFalse(wrong, f"rules/ imports neither Odoo nor the rest of the add-on: {wrong}")

    def test_every_file_with_a_model_is_imported(self):
        """A model whose file the package does not import is silently not there."""
        wrong = []
        for path in python_files('models', 'wizards', 'reports', 'controllers'):
            init = path.parent / '__init__.py'
            if not init.is_file():
                wrong.append(f"{init} is missing")
            elif re.search(r'^ {4}(_name|_inherit) =|http\.Controller', path.read_text(encoding='utf-8'), re.MULTILINE):
                imported = {
                    alias.name for node in ast.parse(init.read_text(encoding='utf-8')).body
                    if isinstance(node, ast.ImportFrom) for alias in node.names
                }
                if path.stem not in imported:
                    wrong.append(f"{init} does not import {path.stem}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_every_test_folder_is_a_package(self):
        wrong = {path.parent for path in (ROOT / 'tests').rglob('*.py') if not (path.parent / '__init__.py').is_file()}
        self.assertFalse(wrong, f"without __init__.py Odoo's runner does not see them: {wrong}")

    def test_every_data_file_is_in_the_manifest(self):
        there = {
            str(path.relative_to(ADDON)) for folder in ('data', 'security', 'views', 'reports', 'wizards')
            for path in (ADDON / folder).rglob('*') if path.suffix in ('.xml', '.csv')
        }
        named = collections.Counter(self.manifest['data'])
        self.assertFalse(there - named.keys(), "in no manifest")
        self.assertFalse(named.keys() - there, "in the manifest, but not there")
        self.assertFalse([name for name, times in named.items() if times > 1], "twice in the manifest")
        self.assertEqual(self.manifest['data'][0], 'data/00_update.xml', "blanks our extension views, so goes first")

    def test_xmlids_are_unique(self):
        places = collections.defaultdict(list)
        for path in ADDON.rglob('*.xml'):
            if path.relative_to(ADDON).parts[0] != 'static':
                for element in etree.parse(str(path)).iter('record', 'template', 'menuitem'):
                    if element.get('id'):
                        places[element.get('id').removeprefix('aftersales_service.')].append(path.name)
        # Each room appends its groups to the service manager's.
        double = {xmlid: files for xmlid, files in places.items() if len(files) > 1 and xmlid != 'group_service_manager'}
        self.assertFalse(double)

    def test_models_carry_our_prefix(self):
        prefixes = ('aftersales.', 'report.aftersales_service.')
        self.assertFalse([name for name in self.home if not name.startswith(prefixes)])
