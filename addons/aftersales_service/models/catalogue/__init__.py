from . import (
    aftersales_labour_item,
    aftersales_labour_item_time,
    aftersales_labour_rate,
    aftersales_package,
    aftersales_package_line,
    aftersales_profile,
    aftersales_repair_category,
    product_product,
    product_template,
    res_company,
)
