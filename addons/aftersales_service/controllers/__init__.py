from . import base, reception, repair, settlement, tools, vehicle, warranty
