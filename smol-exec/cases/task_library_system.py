# a library with loans, fines, reservations and reports
from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Book:
    title: str
    copies: int
    waiting: deque = field(default_factory=deque)


@dataclass(frozen=True, order=True)
class Loan:
    due: date
    member: str
    title: str


class Library:
    DAYS, FINE = 14, 0.25

    def __init__(self, **books):
        self.books = {t: Book(t, n) for t, n in books.items()}
        self.loans, self.fines = [], {}

    def borrow(self, member, title, today):
        book = self.books[title]
        if sum(l.member == member for l in self.loans) >= 2:
            return "limit reached"
        if book.copies == 0:
            book.waiting.append(member)
            return f"number {len(book.waiting)} in line"
        book.copies -= 1
        self.loans.append(Loan(today + timedelta(self.DAYS), member, title))
        return f"due {self.loans[-1].due:%d %b}"

    def give_back(self, member, title, today):
        loan = next((l for l in self.loans if (l.member, l.title) == (member, title)), None)
        if loan is None:
            raise LookupError(f"{member} does not have {title}")
        self.loans.remove(loan)
        late = max(0, (today - loan.due).days)
        if late:
            self.fines[member] = self.fines.get(member, 0) + late * self.FINE
        book = self.books[title]
        book.copies += 1
        if book.waiting:
            return f"{late} days late, next: " + self.borrow(book.waiting.popleft(), title, today)
        return f"{late} days late"


lib, day = Library(dune=1, emma=2), date(2024, 2, 20)
for who, title in [("ann", "dune"), ("bob", "dune"), ("ann", "emma"), ("ann", "emma"), ("cy", "dune")]:
    print(who, title, "->", lib.borrow(who, title, day))
print(lib.give_back("ann", "dune", day + timedelta(days=20)))
print(lib.give_back("ann", "emma", day + timedelta(days=3)))
try:
    lib.give_back("ann", "emma", day)
except LookupError as err:
    print("error:", err)
print(lib.fines, sorted(lib.loans)[0].member, list(lib.books["dune"].waiting), {t: b.copies for t, b in lib.books.items()})
