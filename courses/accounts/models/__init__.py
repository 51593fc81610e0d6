"""People, their associations and the territory. Lowest app of the product: imports no other of its apps."""

from courses.accounts.models.associations import Association, Membership
from courses.accounts.models.consents import ConsentRecord
from courses.accounts.models.regions import Region
from courses.accounts.models.roles import RoleGrant
from courses.accounts.models.sessions import PersonSession
from courses.accounts.models.users import User

__all__ = ["Association", "ConsentRecord", "Membership", "PersonSession", "Region", "RoleGrant", "User"]
