from . import test_exposure
from . import test_confirm
from . import test_release
from . import test_shipment
from . import test_concurrency
from . import test_limit
from . import test_roles
from . import test_receivables
