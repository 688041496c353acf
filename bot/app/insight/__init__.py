"""
What people need, and what the blog could write about: figures for the coach.
"""

from bot.app.insight.counting import figures, statistics
from bot.app.insight.facts import FEWEST, Day, HandOvers, Statistics, Wish
from bot.app.insight.page import report_page
from bot.app.insight.telling import coach_report, summary

__all__ = [
    "FEWEST",
    "Day",
    "HandOvers",
    "Statistics",
    "Wish",
    "coach_report",
    "figures",
    "report_page",
    "statistics",
    "summary",
]
