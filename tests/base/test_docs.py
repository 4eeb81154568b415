import ast
import csv
import re

from ..common import AftersalesPureCase
from .test_house import ROOT, constants, python_files

# As an argument ('BAS-01', integrity findings 'SET-I1') or at the head of a constraint's message ("[VEH-12] …").
CODE = re.compile(r'([A-Z]{3}-(?:[0-9]{2,3}|I[0-9]))$|\[([A-Z]{3}-[0-9]{2,3})\] ')


def rows(folder):
    """Yield (file, row) of the tables docs/<folder>/<room>.csv."""
    for path in sorted((ROOT / 'docs' / folder).glob('*.csv')):
        with path.open(encoding='utf-8', newline='') as source:
            for row in csv.DictReader(source):
                yield path, row


class TestDocs(AftersalesPureCase):
    """The tables that people look things up in say what the code says."""

    def test_every_error_code_is_explained_and_every_explanation_has_its_error(self):
        matches = (
            CODE.match(text) for path in python_files('models', 'wizards', 'reports', 'controllers')
            for _line, text in constants(path)
        )
        used = {match[1] or match[2] for match in matches if match}
        explained = [row['code'] for _path, row in rows('errors')]
        self.assertEqual(len(explained), len(set(explained)), "a code is explained twice")
        rooms = {code[:3] for code in explained}
        used = {code for code in used if code[:3] in rooms}
        self.assertEqual(sorted(used - set(explained)), [], "raised, but not explained in docs/errors/")
        self.assertEqual(sorted(set(explained) - used), [], "explained in docs/errors/, but never raised")
        self.assertEqual([row['code'] for _path, row in rows('errors') if not (row['meaning'] and row['what to do'])], [])

    def test_every_integrity_check_is_made_to_speak(self):
        """An integrity check no test makes find something may be blind."""
        checks = {
            text for path in python_files('models') for _line, text in constants(path)
            if re.fullmatch(r'[A-Z]{3}-I[0-9]+', text)
        }
        tests = ''.join(path.read_text(encoding='utf-8') for path in (ROOT / 'tests').rglob('test_*.py'))
        self.assertGreater(len(checks), 10)
        self.assertEqual(sorted(code for code in checks if f"'{code}'" not in tests), [])

    def test_every_requirement_names_tests_that_exist(self):
        missing = []
        for path, row in rows('requirements'):
            for reference in re.split(r'[;\s]+', row['test'].strip()):
                if not self._exists(reference):
                    missing.append(f"{path.name} {row['id']}: {reference}")
        self.assertFalse(missing, "\n".join(missing))

    def _exists(self, reference):
        """Tell whether `tests/x/test_y.py::Class::test_method` (class and method optional) is there."""
        path, *names = reference.split('::')
        if not (ROOT / path).is_file():
            return False
        node = ast.parse((ROOT / path).read_text(encoding='utf-8'))
        for name in names:
            node = next((child for child in node.body if getattr(child, 'name', None) == name), None)
            if node is None:
                return False
        return True
