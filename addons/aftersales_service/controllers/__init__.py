from . import base, repair, settlement, tools, vehicle
