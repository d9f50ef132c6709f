"""Leads and opportunities in every stage, won and lost ones with their reasons."""

ACTIVITIES = {
    "call": "mail.mail_activity_data_call",
    "meeting": "mail.mail_activity_data_meeting",
    "todo": "mail.mail_activity_data_todo",
}
STAGES = {
    "1": "crm.stage_lead1",
    "2": "crm.stage_lead2",
    "3": "crm.stage_lead3",
    "4": "crm.stage_lead4",
}
LOST = {"price": ("Too expensive", "价格过高"), "stall": ("Project postponed", "项目推迟")}


def make_past_deals(demo):
    """Deals won and lost in the past year."""
    for key, (name, chinese) in LOST.items():
        new = demo.make("crm.lost.reason", [(f"lost_{key}", {"name": name})])
        demo.translate(new, "name", [chinese] * len(new))
    rows, leads = _make(demo, ("won", "lost"))
    for lead, row in zip(leads, rows, strict=True):
        if row["type"] == "won":
            lead.action_set_won()
        else:
            lead.action_set_lost(lost_reason_id=demo.ref(f"lost_{row['note']}").id)
        demo.backdate(lead, row["close"] or -20, "date_closed")


def make_deals(demo):
    """What the salespeople work on now."""
    _make(demo, ("opportunity", "lead"))


def _make(demo, kinds):
    rows = [
        row
        for row in demo.table("lead")
        if row["type"] in kinds and not demo.ref(f"lead_{row['key']}")
    ]
    leads = demo.make("crm.lead", [(f"lead_{row['key']}", _lead(demo, row)) for row in rows])
    for lead, row in zip(leads, rows, strict=True):
        demo.backdate(lead, row["created"], "create_date", "date_open", "date_last_stage_update")
        if row["activity"]:
            days, kind = row["activity"].split(":")
            lead.activity_schedule(
                ACTIVITIES[kind],
                demo.day(days),
                user_id=(lead.user_id or demo.user("manager")).id,
            )
    return rows, leads


def _lead(demo, row):
    partner = demo.ref(f"customer_{row['customer']}") if row["customer"] else None
    export = row["user"] == "sales2"
    values = {
        "name": row["name_zh"],
        "type": "lead" if row["type"] == "lead" else "opportunity",
        "partner_id": partner.id if partner else False,
        "user_id": demo.user(row["user"]).id if row["user"] else False,
        "team_id": demo.ref("team_export" if export else "team_domestic").id,
        "company_id": demo.company.id,
        "expected_revenue": float(row["revenue"]),
    }
    if row["type"] == "opportunity":
        values["stage_id"] = demo.env.ref(STAGES[row["stage"]]).id
        values["date_deadline"] = demo.day(row["close"])
        values["probability"] = float(row["probability"])
    elif row["type"] == "lead" and not partner:
        values["partner_name"] = row["note"]
        values["email_from"] = f"{row['key'].lower()}@prospect.example"
    return values
