from . import vehicle

from . import repair
