"""The page tree: CourseIndexPage → CoursePage → ModulePage → activities."""

from courses.models.course import CoursePage, ModulePage
from courses.models.index import CourseIndexPage
from courses.models.lesson import ChecklistPage, LessonPage
from courses.models.records import PackageRecord

__all__ = ["ChecklistPage", "CourseIndexPage", "CoursePage", "LessonPage", "ModulePage", "PackageRecord"]
