from . import sale_order, suite_outlook
