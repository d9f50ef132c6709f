"""The dialog that tells why."""


def why_action(env, res_model, res_ids):
    """The dialog with the decisions about some documents, newest first."""
    return {
        "type": "ir.actions.act_window",
        "name": env._("Why?"),
        "res_model": "suite.decision",
        "view_mode": "kanban",
        "views": [(env.ref("suite_base.suite_decision_view_kanban_why").id, "kanban")],
        "domain": [("res_model", "=", res_model), ("res_id", "in", list(res_ids))],
        "target": "new",
        "context": {
            "create": False,
            "dialog_size": "extra-large",
            "suite_why": [res_model, list(res_ids)],
        },
    }
