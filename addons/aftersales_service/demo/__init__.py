"""The demo dealership and its working day, played by `./dev demo` and asserted by the tests.

Manifest demo data cannot carry it: it loads only into databases whose every dependency has demo data.
"""
from .day import play
from .dealership import load
from .people import people_figures
from .table import table
from .tools import tool_figures
