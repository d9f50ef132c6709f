from . import customer_pool_move_wizard
