from . import base, reception, repair, settlement, vehicle
