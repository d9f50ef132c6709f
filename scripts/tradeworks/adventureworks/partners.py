"""Territories, salespeople, vendors, customers with their addresses and contacts."""

from odoo.fields import Command

from .trade import MAIL_DOMAIN, addresses


class Geography:
    """Odoo's countries and states for the codes of the files."""

    def __init__(self, session, source, skips):
        self.skips = skips
        self.provinces = {
            row.whole("StateProvinceID"): (
                row.text("CountryRegionCode"),
                row.text("StateProvinceCode"),
            )
            for row in source.rows("StateProvince")
        }
        countries = session.env["res.country"].search([])
        self.countries = {country.code: country.id for country in countries}
        states = session.env["res.country.state"].search([])
        self.states = {(state.country_id.code, state.code): state.id for state in states}

    def values(self, row):
        """Address fields of a partner; an unknown province leaves the state empty, counted."""
        if row is None:
            self.skips.add("addresses", "a partner without an address in the data")
            return {}
        country, code = self.provinces.get(row.whole("StateProvinceID"), ("", ""))
        state = self.states.get((country, code), False)
        if not state:
            self.skips.add("provinces", f"not known to Odoo, state left empty ({country})")
        return {
            "street": row.text("AddressLine1"),
            "street2": row.text("AddressLine2"),
            "city": row.text("City"),
            "zip": row.text("PostalCode"),
            "state_id": state,
            "country_id": self.countries.get(country, False),
        }


def load_sales_team(session, source):
    """A sales team a territory; salespeople as users without a password (they can't log in)."""
    company = session.company.id
    session.load(
        "Territories",
        "crm.team",
        [
            (
                f"territory_{row.whole('TerritoryID')}",
                {"name": row.text("Name"), "company_id": company},
            )
            for row in source.rows("SalesTerritory")
        ],
    )
    employees = {row.whole("BusinessEntityID"): row for row in source.rows("Employee")}
    people = [
        (row, employees.get(row.whole("BusinessEntityID"))) for row in source.rows("SalesPerson")
    ]
    session.load(
        "Salespeople",
        "res.users",
        [
            (f"salesperson_{row.whole('BusinessEntityID')}", _user(session, employee))
            for row, employee in people
            if employee
        ],
        after=_into_company,
    )
    session.load(
        "Members of territories",
        "crm.team.member",
        [
            (
                f"member_{row.whole('BusinessEntityID')}",
                {
                    "user_id": session.id(f"salesperson_{row.whole('BusinessEntityID')}"),
                    "crm_team_id": session.id(f"territory_{row.whole('TerritoryID', False)}"),
                },
            )
            for row, employee in people
            if employee and session.has(f"territory_{row.whole('TerritoryID', False)}")
        ],
    )


def _user(session, employee):
    account = employee.text("LoginID").rpartition("\\")[2]
    manager = "Manager" in employee.text("JobTitle")
    group = "sales_team.group_sale_manager" if manager else "sales_team.group_sale_salesman"
    login = f"{account}@{MAIL_DOMAIN}"
    return {
        "name": account.rstrip("0123456789").title(),
        "login": login,
        "email": login,
        "company_id": session.company.id,
        "company_ids": [Command.set(session.company.ids)],
        "group_ids": [Command.link(session.env.ref(group).id)],
        "notification_type": "inbox",
    }


def _into_company(users, _keys):
    users.partner_id.company_id = users.company_id


def load_vendors(session, source, vendors, geography, skips):
    """Active vendors with their address."""
    known = addresses(source)
    places = {
        row.whole("BusinessEntityID"): known.get(row.whole("AddressID"))
        for row in source.rows("BusinessEntityAddress")
    }
    items = []
    for key, row in vendors.items():
        if not row.flag("ActiveFlag"):
            skips.add("vendors", "inactive (ActiveFlag)")
            continue
        values = {
            "name": row.text("Name"),
            "ref": row.text("AccountNumber"),
            "is_company": True,
            "supplier_rank": 1,
            "company_id": session.company.id,
            **geography.values(places.get(key)),
        }
        items.append((f"vendor_{key}", values))
    session.load("Vendors", "res.partner", items)


def load_customers(session, stores, geography):
    """Stores as companies with credit limit, salesperson, further addresses and contacts."""
    session.load(
        "Customers",
        "res.partner",
        [(f"store_{store.id}", _store(session, store, geography)) for store in stores.values()],
        chunk=350,
    )
    session.load(
        "Further addresses",
        "res.partner",
        [
            (
                f"address_{store.id}_{row.whole('AddressID')}",
                {
                    "type": "delivery",
                    "name": store.name,
                    "parent_id": session.id(f"store_{store.id}"),
                    "company_id": session.company.id,
                    **geography.values(row),
                },
            )
            for store in stores.values()
            for row in store.other_addresses
        ],
    )
    session.load(
        "Contacts",
        "res.partner",
        [
            (
                f"contact_{store.id}_{contact.id}",
                {
                    "type": "contact",
                    "name": contact.name,
                    "function": contact.role,
                    "email": contact.email,
                    "phone": contact.phone,
                    "parent_id": session.id(f"store_{store.id}"),
                    "company_id": session.company.id,
                },
            )
            for store in stores.values()
            for contact in store.contacts
        ],
    )


def _store(session, store, geography):
    return {
        "name": store.name,
        "ref": store.account,
        "is_company": True,
        "customer_rank": 1,
        "company_id": session.company.id,
        "user_id": session.id(f"salesperson_{store.salesperson}"),
        "use_partner_credit_limit": True,
        "credit_limit": store.limit,
        **geography.values(store.address),
    }
