# IntEnum, StrEnum and Flag arithmetic
from enum import Flag, IntEnum, StrEnum, auto


class Level(IntEnum):
    LOW = 10
    MID = 20
    HIGH = 30


class Ext(StrEnum):
    CSV = auto()
    JSON = "js" + "on"


class Perm(Flag):
    READ = auto()
    WRITE = auto()
    EXEC = auto()
    ALL = READ | WRITE | EXEC


print(Level.LOW < Level.HIGH, Level.MID + 1, sorted(Level, reverse=True)[0].name, max(Level) == 30)
print(Level(20) is Level.MID, [10, 20, 30].index(Level.HIGH), Level.LOW.name)
print(Ext.CSV, "file." + Ext.JSON, Ext.CSV == "csv", Ext("json").name, Ext.CSV.upper())
rw = Perm.READ | Perm.WRITE
print(rw.value, Perm.READ in rw, Perm.EXEC in rw, bool(rw & Perm.EXEC))
print((Perm.ALL & ~Perm.WRITE).value, (rw ^ Perm.READ).name, Perm(0).value, bool(Perm(0)))
print([p.name for p in Perm], [p.name for p in rw], Perm(5) == Perm.READ | Perm.EXEC)
