from . import suite_decision_answer
