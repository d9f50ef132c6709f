from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.distinct import recorded_values
from ..tools.explanation import pack_explanation, render_explanation
from ..tools.inputs import input_lines, readable_inputs
from ..tools.reader import RecordReader
from ..tools.why import why_action

NO_ACCESS = "."  # the framework's word for "nobody but superuser code"
ANSWER_FIELDS = frozenset({"answer", "answered_by_id", "answer_reason"})


class SuiteDecision(models.Model):
    """One automatic act: what was decided, by which rule, from which values.

    Rows come into being through :meth:`_record` alone and never change afterwards, except
    for the answer that a person gives to them. They outlive the document they are about.

    A user reads a decision when he may read its document; auditors and administrators read
    all decisions of their companies. A value in ``inputs`` is shown only to those who may
    read that field of that record.
    """

    _name = "suite.decision"
    _description = "Decision"
    _order = "id desc"
    _rec_name = "kind"

    # open lists: an addon may record a code before it names it, and its codes outlive it
    kind = fields.Selection(
        "_selection_kind", required=True, readonly=True, index=True, validate=False
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True)
    document_name = fields.Char("Document", compute="_compute_document_name")
    partner_id = fields.Many2one(
        "res.partner", "Partner", readonly=True, index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", "Company", readonly=True, index=True, ondelete="restrict"
    )
    outcome = fields.Selection("_selection_outcome", readonly=True, index=True, validate=False)
    explanation = fields.Text(compute="_compute_explanation")
    explanation_module = fields.Char(readonly=True, groups=NO_ACCESS)
    explanation_source = fields.Text(readonly=True, groups=NO_ACCESS)
    explanation_args = fields.Json(readonly=True, groups=NO_ACCESS)
    inputs = fields.Json("Input Values", compute="_compute_inputs")
    input_values = fields.Json("Recorded Values", readonly=True, groups=NO_ACCESS)
    input_lines = fields.Json("Based On", compute="_compute_inputs")
    rule = fields.Char("Rule Code", readonly=True, index="btree_not_null")
    rule_label = fields.Char("Rule", compute="_compute_rule_label")
    rule_version = fields.Char("Rule Version", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Triggered By", readonly=True, required=True, ondelete="restrict"
    )
    create_date = fields.Datetime("Decided On", readonly=True)
    answer = fields.Selection([("accepted", "Accepted"), ("overruled", "Overruled")])
    answered_by_id = fields.Many2one("res.users", "Answered By", ondelete="restrict")
    answer_reason = fields.Text("Reason")
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _document_idx = models.Index("(res_model, res_id)")

    # ------------------------------------------------------------------ computes

    @api.depends("kind", "document_name")
    def _compute_display_name(self):
        kinds = self._kind_labels()
        for decision in self:
            parts = [kinds.get(decision.kind, decision.kind), decision.document_name]
            decision.display_name = " · ".join(filter(None, parts))

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("rule")
    def _compute_rule_label(self):
        refs = [decision._rule_reference() for decision in self]
        reader = RecordReader(self.env, [ref for ref in refs if ref])
        for decision, ref in zip(self, refs, strict=True):
            decision.rule_label = reader.name(*ref) if ref else decision.rule

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        reader = RecordReader(self.env, [(rec.res_model, rec.res_id) for rec in self])
        for decision in self:
            decision.document_name = (
                reader.name(decision.res_model, decision.res_id) if decision.res_model else False
            )

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("explanation_module", "explanation_source", "explanation_args")
    def _compute_explanation(self):
        stored = [
            (rec.explanation_module, rec.explanation_source, rec.explanation_args)
            for rec in self.sudo()
        ]
        for decision, text in zip(self, render_explanation(self.env, stored), strict=True):
            decision.explanation = text

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("input_values")
    def _compute_inputs(self):
        reads_all = self._reads_everything()
        recorded = [decision.sudo().input_values or [] for decision in self]
        reader = RecordReader(
            self.env, [(line.get("model"), line.get("id")) for lines in recorded for line in lines]
        )
        for decision, lines in zip(self, recorded, strict=True):
            decision.inputs = readable_inputs(reader, lines, reads_all)
            decision.input_lines = input_lines(reader, decision.inputs)

    @api.depends_context("uid")
    @api.depends("answer")
    def _compute_can_answer(self):
        writable = self._filtered_access("write")
        for decision in self:
            decision.can_answer = not decision.answer and decision in writable

    # ------------------------------------------------------------------ access and CRUD

    def _reads_everything(self):
        return self.env.su or self.env.user.has_group("suite_base.group_suite_auditor")

    @api.model
    def _readable_domain(self):
        """Domain of the decisions whose document the user may read, as one sub-select a model."""
        domains = [Domain.FALSE]
        for name in recorded_values(self, "res_model"):
            model = self.env.get(name)
            if model is None or model._abstract or not model.has_access("read"):
                continue
            documents = model.with_context(active_test=False)._search(Domain.TRUE)
            domains.append(Domain("res_model", "=", name) & Domain("res_id", "in", documents))
        return Domain.OR(domains)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if not kwargs.get("bypass_access") and not self._reads_everything():
            domain = Domain(domain) & self._readable_domain()
        return super()._search(domain, offset, limit, order, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "read" and self._reads_everything():
            return result
        if operation == "write" and self.env.user.has_group("base.group_system"):
            return result
        decisions = self - result[0] if result else self
        forbidden = decisions - decisions._with_accessible_document(operation)
        if operation == "write":
            forbidden |= decisions._reserved_for_others()
        if not forbidden:
            return result
        if result:
            forbidden |= result[0]
        return forbidden, lambda: AccessError(
            forbidden.env._("You may not see or answer decisions about documents of others.")
        )

    @api.model
    def _answer_groups(self):
        """Group that alone may answer, by the first word of a kind; else whoever may write the
        document. System administrators may answer all."""
        return {}

    def _reserved_for_others(self):
        groups = self._answer_groups()
        return self.filtered(
            lambda decision: (
                (group := groups.get((decision.sudo().kind or "").split(".")[0]))
                and not self.env.user.has_group(group)
            )
        )

    def _with_accessible_document(self, operation):
        """The decisions in ``self`` whose document exists and may be read or written."""
        ids_by_model = defaultdict(set)
        for decision in self.sudo():
            if decision.res_model in self.env and decision.res_id:
                ids_by_model[decision.res_model].add(decision.res_id)
        allowed = {
            name: set(self.env[name].browse(ids).exists()._filtered_access(operation)._ids)
            for name, ids in ids_by_model.items()
        }
        return self.browse(
            rec.id for rec in self.sudo() if rec.res_id in allowed.get(rec.res_model, ())
        )

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("Decisions are recorded by the rules alone."))

    def write(self, vals):
        if not vals:
            return True
        if not ANSWER_FIELDS.issuperset(vals):
            raise AccessError(self.env._("A decision can't be changed, only answered."))
        if vals.get("answered_by_id", self.env.uid) != self.env.uid:
            raise AccessError(self.env._("You can't answer in the name of somebody else."))
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            others = self.sudo().filtered("answered_by_id").answered_by_id - self.env.user
            if others:
                raise AccessError(
                    self.env._("%(user)s has already answered.", user=others[:1].display_name)
                )
        if "answer" in vals or "answer_reason" in vals:
            self._check_answer(vals)
            vals = {**vals, "answered_by_id": self.env.uid}
        return super().write(vals)

    def _check_answer(self, vals):
        """The rule for answers, whoever writes them: never taken back, overruling needs a why."""
        for decision in self.sudo():
            answer = vals.get("answer", decision.answer)
            reason = vals.get("answer_reason", decision.answer_reason)
            if answer not in dict(self._fields["answer"].selection):
                raise UserError(self.env._("Answer with “accepted” or “overruled”."))
            if answer == "overruled" and not (reason or "").strip():
                raise UserError(self.env._("Tell why you overrule the decision."))

    def unlink(self):
        raise AccessError(self.env._("Decisions are kept; they can't be deleted."))

    # ------------------------------------------------------------------ actions

    def action_answer(self, answer, reason=None):
        """Accept or overrule the decisions as the current user, who must be allowed to
        change their documents.

        :param str answer: ``accepted`` or ``overruled``
        :param str reason: needed to overrule
        :raise UserError: unknown answer, or overruled without a reason
        :raise AccessError: not allowed, or somebody else has answered
        """
        self.check_access("write")
        return self.write({"answer": answer, "answer_reason": (reason or "").strip() or False})

    def action_accept(self):
        """Accept the decision from its card."""
        self.action_answer("accepted")
        return self._back_to_why()

    def action_overrule(self):
        """Ask for the reason, then overrule."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overrule"),
            "res_model": "suite.decision.answer",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_decision_ids": self.ids,
                "default_answer": "overruled",
                "suite_why": self.env.context.get("suite_why"),
            },
        }

    def _back_to_why(self):
        """Show the dialog again that the answer came from (the client closes it), else nothing.

        Only what is shown depends on the context; the dialog checks rights like any other."""
        why = self.env.context.get("suite_why")
        return why_action(self.env, *why) if why else False

    def action_open_document(self):
        """Open the document that the decision is about."""
        self.ensure_one()
        self.check_access("read")
        if (
            self.res_model not in self.env
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(self.env._("The document doesn't exist any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "current",
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _record(self, values_list):
        """Record decisions; the only way to make them. One INSERT for the whole list.

        Each item is a dict with ``kind`` and, as far as known, ``record`` (or ``res_model``
        and ``res_id``), ``partner_id``, ``company_id`` (default: the document's), ``outcome``,
        ``explanation``, ``rule``, ``rule_version``, ``inputs`` (list of ``{"model", "id",
        "field", "value"}``) and ``user_id`` (default: the current user). The explanation is a
        ``LazyTranslate`` text, rendered later in the reader's language; arguments are text,
        numbers, lazy texts, lists of these, or one of ``{"amount", "currency_id"}``,
        ``{"quantity", "uom_id"}``, ``{"date"}``, ``{"datetime"}``, ``{"percent"}`` and
        ``{"model", "id"}``.

        :return: the new decisions, in the order of the list
        """
        # a default in the caller's context must not slip into the record
        recorder = self.sudo().with_context({})  # pylint: disable=context-overridden
        prepared = [self._prepare_decision(dict(values)) for values in values_list]
        # Straight to the framework's create(): ours refuses everybody, us included, so there
        # is no key that other code could copy.
        # pylint: disable-next=super-method-mismatch
        decisions = super(SuiteDecision, recorder).create(prepared)
        self._forget_counts(prepared)
        return decisions.with_env(self.env)

    @api.model
    def _prepare_decision(self, values):
        record = values.pop("record", None)
        if record is not None:
            record.ensure_one()
            values.update(res_model=record._name, res_id=record.id)
            if "company_id" not in values and "company_id" in record._fields:
                values["company_id"] = record.sudo().company_id.id
        module, source, args = pack_explanation(values.pop("explanation", ""))
        values["input_values"] = values.pop("inputs", None) or []
        values.setdefault("user_id", self.env.uid)
        return values | {
            "explanation_module": module,
            "explanation_source": source,
            "explanation_args": args,
        }

    @api.model
    def _forget_counts(self, prepared):
        ids_by_model = defaultdict(set)
        for values in prepared:
            ids_by_model[values.get("res_model")].add(values.get("res_id"))
        for name, ids in ids_by_model.items():
            if name in self.env and "decision_count" in self.env[name]._fields:
                self.env[name].browse(ids).invalidate_recordset(["decision_count"], flush=False)

    def _answer(self, answer, reason=None):
        """Answer as the current user on behalf of code that has checked the right itself
        (a planner who rejects a plan line overrules the plan's decision by that)."""
        return self.sudo().action_answer(answer, reason)

    def _rule_reference(self):
        """``(model, id)`` when the rule is written as ``some.model:id``, else False."""
        model, __, number = (self.rule or "").partition(":")
        for name in (model, model.replace("_", ".")):
            if number.isdecimal() and name in self.env and not self.env[name]._abstract:
                return name, int(number)
        return False

    @api.model
    def _selection_kind(self):
        return self._labelled(self._kind_labels(), "kind")

    @api.model
    def _selection_outcome(self):
        return self._labelled(self._outcome_labels(), "outcome")

    @api.model
    def _labelled(self, labels, column):
        """Named codes, then those that were recorded by addons without a name for them."""
        unnamed = [code for code in recorded_values(self, column) if code not in labels]
        return [*labels.items(), *((code, code) for code in unnamed)]

    @api.model
    def _kind_labels(self):
        """Kind code → name in the reader's language. Addons extend it for their kinds."""
        return {
            "credit.check": self.env._("Credit check"),
            "credit.release": self.env._("Credit release"),
            "supply.line": self.env._("Plan line"),
            "supply.message": self.env._("Plan message"),
            "pool.move": self.env._("Customer pool"),
            "lead.assign": self.env._("Assignment"),
        }

    @api.model
    def _outcome_labels(self):
        """Outcome code → name in the reader's language. Addons extend it for their codes."""
        return {
            "pass": self.env._("Passed"),
            "warn": self.env._("Warning"),
            "hold": self.env._("On hold"),
            "released": self.env._("Released"),
            "rejected": self.env._("Rejected"),
            "moved": self.env._("Moved"),
            "kept": self.env._("Kept"),
            "planned": self.env._("Planned"),
            "changed": self.env._("Changed"),
            "cancelled": self.env._("Cancelled"),
            "assigned": self.env._("Assigned"),
            "applied": self.env._("Applied"),
            "dismissed": self.env._("Dismissed"),
        }
