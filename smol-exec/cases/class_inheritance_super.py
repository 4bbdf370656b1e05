# cooperative super() along a diamond
class Step:
    def __init__(self, **rest):
        assert not rest, rest
        self.log = ["Step"]

    def run(self):
        return ["base"]


class Timed(Step):
    def __init__(self, *, limit=5, **rest):
        super().__init__(**rest)
        self.limit = limit
        self.log.append("Timed")

    def run(self):
        return ["timer on"] + super().run() + ["timer off"]


class Logged(Step):
    def __init__(self, *, level="info", **rest):
        super().__init__(**rest)
        self.level = level
        self.log.append("Logged")

    def run(self):
        return [f"log {self.level}"] + super().run()


class Job(Timed, Logged):
    def __init__(self, name, **rest):
        super().__init__(**rest)
        self.name = name
        self.log.append("Job")


job = Job("sweep", limit=3, level="debug")
print([c.__name__ for c in Job.__mro__])
print(job.log)
print(job.run())
print(job.name, job.limit, job.level)
print(super(Timed, job).run())
try:
    Job("x", colour=1)
except AssertionError as err:
    print("leftover", err)
