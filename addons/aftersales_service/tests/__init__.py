"""Shows the repository's suite (`/tests`) to Odoo's test runner; empty outside the repository."""
import importlib
from pathlib import Path

_suite = Path(__file__).resolve().parents[3] / 'tests'
# The marker, not the folder: installed as `odoo/addons/aftersales_service` that path is Odoo's own `odoo/tests`.
if (_suite / '.aftersales_service').is_file():
    __path__.append(str(_suite))
    # Odoo's loader takes only attributes named test_*; sub-packages alone are invisible to it.
    for _file in sorted(_suite.rglob('test_*.py')):
        _parts = _file.relative_to(_suite).with_suffix('').parts
        globals()['test_' + '_'.join(_parts)] = importlib.import_module('.' + '.'.join(_parts), __name__)
