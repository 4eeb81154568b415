from . import import_mixin  # first: the vehicle inherits it

# isort: split
from . import (
    aftersales_profile_gate,
    aftersales_vehicle,
    aftersales_vehicle_brand,
    aftersales_vehicle_model,
    aftersales_vehicle_model_group,
    aftersales_vehicle_odometer,
    aftersales_vehicle_owner,
    res_company,
    res_config_settings,
    res_partner,
)
