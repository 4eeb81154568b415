from . import vehicle

from . import repair, settlement
