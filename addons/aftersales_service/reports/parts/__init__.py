from . import aftersales_part_demand
