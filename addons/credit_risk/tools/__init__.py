from . import accounts_sql
from . import clearance
from . import cure
from . import figures
from . import figures_sql
from . import receivables_sql
from . import records
