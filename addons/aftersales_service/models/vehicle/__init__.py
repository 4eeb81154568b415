from . import import_mixin  # first: the vehicle inherits it

# isort: split
from . import (
    aftersales_profile_gate,
    aftersales_vehicle,
    aftersales_vehicle_brand,
    aftersales_vehicle_identity,
    aftersales_vehicle_import,
    aftersales_vehicle_mileage,
    aftersales_vehicle_model,
    aftersales_vehicle_model_group,
    aftersales_vehicle_odometer,
    aftersales_vehicle_owner,
    aftersales_vehicle_ownership,
    aftersales_vehicle_search,
    res_company,
    res_config_settings,
    res_partner,
)
