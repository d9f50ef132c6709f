{
    "name": "Tradeworks Demo Company",
    "summary": "A maker and trader of transmission parts to try the suite with",
    "version": "19.0.1.0.0",
    "author": "Tradeworks",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": [
        "suite_base",
        "crm_ext",
        "inventory_link",
        "production_order",
        "credit_risk",
        "l10n_cn",
    ],
    "post_init_hook": "post_init_hook",
}
