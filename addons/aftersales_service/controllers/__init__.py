from . import base, repair, settlement
