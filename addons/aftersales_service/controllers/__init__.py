from . import base, people, reception, repair, settlement, tools, vehicle, warranty
