"""The screens that people work in all day, for pictures and for the time they take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """``path`` is the action's own; or ``record`` is a model and a domain whose first record is
    shown as a form. ``ready`` is there when the screen can be used; ``clicks`` are made before the
    picture."""

    name: str
    login: str
    path: str = ""
    record: tuple = ()
    ready: str = ".o_action_manager .o_view_controller"
    clicks: tuple = ()
    size: str = "desktop"


SCREENS = (
    Screen("purchase-plan", "planner", "purchase-plan", ready=".o_list_view .o_data_row"),
    Screen("production-plan", "planner", "production-plan", ready=".o_list_view"),
)
