from . import test_customer_pool, test_customer_pool_access, test_customer_pool_batch
