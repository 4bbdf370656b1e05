# attribute hooks: __getattr__, __setattr__, __delattr__, __dir__
class Record:
    def __init__(self, **fields):
        object.__setattr__(self, "_fields", {})
        for key, value in fields.items():
            setattr(self, key, value)

    def __getattr__(self, name):
        if name.startswith("upper_"):
            return str(self._fields[name[6:]]).upper()
        try:
            return self._fields[name]
        except KeyError:
            raise AttributeError(f"no field {name!r}") from None

    def __setattr__(self, name, value):
        print("set", name, "=", value)
        self._fields[name] = value

    def __delattr__(self, name):
        print("drop", name, self._fields.pop(name))

    def __dir__(self):
        return sorted(self._fields)


r = Record(city="Oslo", people=700_000)
r.people += 1
print(r.city, r.people, r.upper_city)
print(dir(r), hasattr(r, "river"), getattr(r, "river", "?"))
del r.city
try:
    r.city
except AttributeError as err:
    print(err, "| cause:", err.__cause__)
