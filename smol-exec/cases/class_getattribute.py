# __getattribute__ sees every access, __getattr__ only the failed ones
class Traced:
    kind = "traced"

    def __init__(self):
        self.seen = []
        self.value = 4

    def __getattribute__(self, name):
        if name not in ("seen", "__class__", "__dict__"):
            object.__getattribute__(self, "seen").append(name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return f"<{name}>"

    def double(self):
        return self.value * 2


t = Traced()
print(t.double(), t.kind, t.ghost)
print(t.seen)
print(len(t.seen), t.seen.count("value"))
t.value = 9
print(t.double(), t.seen[-2:])
