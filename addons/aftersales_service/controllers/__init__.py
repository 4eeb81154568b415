
from . import repair
