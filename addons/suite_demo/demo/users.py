"""One login a role (password ``demo``) and two sales teams."""

from odoo import Command


def make_users(demo):
    """The people of the demo company."""
    new = demo.make(
        "res.users",
        [
            (
                f"user_{row['login']}",
                {
                    "name": row["name"],
                    "login": row["login"],
                    "lang": row["lang"],
                    "tz": "Asia/Shanghai",
                    # the page that this person works on all day
                    "action_id": demo.env.ref(row["home"]).id,
                    "email": f"{row['login']}@lanxiu.example",
                    "notification_type": "inbox",
                    "company_id": demo.company.id,
                    "company_ids": [Command.set(demo.company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                demo.env.ref(name).id
                                for name in ("base.group_user", *row["groups"].split())
                            ]
                        )
                    ],
                },
            )
            for row in demo.table("user")
        ],
    )
    # hashed once: it takes a third of a second by intention
    password = new._crypt_context().hash("demo") if new else None
    for user in new:
        user._set_encrypted_password(user.id, password)
    _make_teams(demo)


def _make_teams(demo):
    teams = {"domestic": ("Domestic Sales", "国内销售部", ("sales", "manager")),
             "export": ("Export Sales", "外贸部", ("sales2",))}  # fmt: skip
    for key, (name, chinese, logins) in teams.items():
        new = demo.make(
            "crm.team",
            [
                (
                    f"team_{key}",
                    {
                        "name": name,
                        "company_id": demo.company.id,
                        "user_id": demo.user("manager").id,
                        "use_leads": True,
                        "member_ids": [Command.set([demo.user(login).id for login in logins])],
                    },
                )
            ],
        )
        demo.translate(new, "name", [chinese] * len(new))
