
from . import repair, settlement
