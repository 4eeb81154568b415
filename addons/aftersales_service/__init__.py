from . import models, wizards, reports, controllers
from .hooks import post_init_hook, uninstall_hook
