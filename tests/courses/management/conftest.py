from tests.courses.interfaces.packages.conftest import catalogues, folder

__all__ = ["catalogues", "folder"]
