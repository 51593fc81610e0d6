"""Which questions of a paper stand on one page."""

from courses.quizzes.domain.paper import Paper
from courses.quizzes.enums import Layout

# Positions of questions, from 1.
QuestionPage = tuple[int, ...]


def pages_of(paper: Paper) -> tuple[QuestionPage, ...]:
    """One question a page, those that follow one another on one scenario together; or all of them on one."""
    if paper.policy.layout == Layout.ALL:
        return (tuple(range(1, len(paper.questions) + 1)),) if paper.questions else ()
    pages: list[list[int]] = []
    before = None
    for position, question in enumerate(paper.questions, start=1):
        if pages and question.scenario is not None and question.scenario == before:
            pages[-1].append(position)
        else:
            pages.append([position])
        before = question.scenario
    return tuple(tuple(page) for page in pages)


def page_with(paper: Paper, position: int) -> QuestionPage:
    """The page that holds a position of the paper."""
    return next(page for page in pages_of(paper) if position in page)


def has_no_way_back(paper: Paper) -> bool:
    return paper.policy.forward_only and paper.policy.layout != Layout.ALL
