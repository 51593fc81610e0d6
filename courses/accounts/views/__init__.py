"""Pages of people: their profile, their associations, their data; and what coordinators decide."""
