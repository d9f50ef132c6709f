from . import suite_outlook
