# a container class: len, getitem, setitem, contains, iter, reversed, missing
class Shelf:
    def __init__(self, *books):
        self.books = list(books)

    def __len__(self):
        return len(self.books)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Shelf(*self.books[key])
        if isinstance(key, str):
            return [b for b in self.books if b.startswith(key)]
        return self.books[key]

    def __setitem__(self, key, value):
        self.books[key] = value

    def __delitem__(self, key):
        del self.books[key]

    def __contains__(self, word):
        return any(word in b for b in self.books)

    def __reversed__(self):
        yield from sorted(self.books, reverse=True)

    def __repr__(self):
        return f"Shelf({', '.join(self.books)})"


class Squares(dict):
    def __missing__(self, key):
        self[key] = key * key
        return self[key]


s = Shelf("Emma", "Dune", "Emil", "Ulysses")
print(len(s), bool(Shelf()), s[-1], s["Em"], s[1:3])
s[0] = "Persuasion"
del s[1]
print(s, "suas" in s, "Dune" in s)
print(list(s), list(reversed(s)), s[::-1])
first, *others = s
print(first, others)
sq = Squares()
print(sq[4], sq[9], sq, sq.get(5))
