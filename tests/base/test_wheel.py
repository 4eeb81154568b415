import ast
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from ..common import AftersalesPureCase
from .test_house import ADDON


class TestWheel(AftersalesPureCase):
    """The add-on travels: a wheel holds all that an installation reads."""

    def test_wheel_holds_the_add_on(self):
        with tempfile.TemporaryDirectory() as folder:
            build = subprocess.run(
                [sys.executable, '-m', 'build', '--wheel', '--no-isolation', '--outdir', folder, str(ADDON)],
                capture_output=True, text=True,
            )
            self.assertEqual(build.returncode, 0, build.stdout + build.stderr)
            [wheel] = Path(folder).glob('*.whl')
            with zipfile.ZipFile(wheel) as archive:
                names = set(archive.namelist())
        manifest = ast.literal_eval((ADDON / '__manifest__.py').read_text(encoding='utf-8'))
        self.assertIn(manifest['version'], wheel.name)
        wanted = {'__init__.py', '__manifest__.py', 'hooks.py', *manifest['data']}
        self.assertFalse({name for name in wanted if f'odoo/addons/aftersales_service/{name}' not in names})
