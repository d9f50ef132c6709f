from . import credit_bill
