from . import vehicle
