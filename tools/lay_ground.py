"""Read by `odoo shell` after an installation: the tests' company, made once instead of in each class."""
from tests.ground import GroundFactory

GroundFactory._lay(env)
env.cr.commit()
