"""What a question of a file asks and what is right, as lines for the person who looks it through. Pure."""

from django.utils.translation import gettext

from courses.quizzes.interfaces.exchange_rows import QuestionFields
from courses.quizzes.types.numeric import plain_number

RIGHT = "right"
WRONG = "wrong"
PLAIN = ""


def answers_in_words(fields: QuestionFields) -> list[tuple[str, str]]:
    """Each answer with what it is: RIGHT, WRONG, or PLAIN for what is neither."""
    lines: list[tuple[str, str]] = []
    for rows in fields.streams.values():
        for place, row in enumerate(rows, start=1):
            value = row.value
            if row.kind == "choice":
                lines.append((RIGHT if value["correct"] else WRONG, value["text"]))
            elif row.kind == "pair":
                lines.append((RIGHT, f"{value['prompt']} → {value['option']}"))
            elif row.kind == "distractor":
                lines.append((WRONG, value["option"]))
            elif row.kind == "item":
                lines.append((RIGHT, f"{place}. {value['text']}"))
            else:
                lines.append((PLAIN, f"{value['text']} ({value['points']})"))
    if fields.key.get("number") is not None:
        margin = fields.key.get("tolerance")
        words = plain_number(fields.key["number"]) + (f" ± {plain_number(margin)}" if margin else "")
        lines.append((RIGHT, f"{words} {fields.words.get('unit', '')}".strip()))
    if fields.key.get("statement_is_true") is not None:
        lines.append((RIGHT, gettext("True") if fields.key["statement_is_true"] else gettext("False")))
    lines += [(RIGHT, line) for line in fields.words.get("accepted", "").splitlines()]
    if fields.words.get("passage"):
        lines.append((PLAIN, fields.words["passage"]))
    return lines
