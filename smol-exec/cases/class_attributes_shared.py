# class attributes against instance attributes
class Ticket:
    issued = 0
    tags = []

    def __init__(self, title):
        self.title = title
        Ticket.issued += 1
        self.number = Ticket.issued

    def retag(self, *tags):
        self.tags = list(tags)


first, second = Ticket("boiler"), Ticket("roof")
Ticket.tags.append("home")
print(first.number, second.number, Ticket.issued)
print(first.tags, second.tags, first.tags is second.tags)
second.retag("urgent", "rain")
print(first.tags, second.tags, Ticket.tags)
print(sorted(vars(first)), sorted(vars(second)))
first.issued = 99
print(first.issued, second.issued, Ticket.issued)
del first.issued
print(first.issued, hasattr(first, "missing"), getattr(first, "missing", "none"))
