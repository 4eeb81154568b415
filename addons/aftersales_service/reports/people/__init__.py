from . import aftersales_conduct_analysis
