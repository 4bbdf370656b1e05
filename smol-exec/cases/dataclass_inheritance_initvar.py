# dataclass inheritance, InitVar, ClassVar and custom metadata
from dataclasses import InitVar, dataclass, field, fields
from typing import ClassVar


@dataclass
class Animal:
    count: ClassVar[int] = 0
    name: str
    legs: int = field(default=4, metadata={"unit": "legs"})

    def __post_init__(self):
        Animal.count += 1


@dataclass
class Parrot(Animal):
    legs: int = 2
    words: list = field(default_factory=list)
    teach: InitVar[str] = ""

    def __post_init__(self, teach):
        super().__post_init__()
        self.words.extend(teach.split())


dog, polly = Animal("Rex"), Parrot("Polly", teach="hello pretty boy")
print(dog)
print(polly)
print(Animal.count, [f.name for f in fields(Parrot)], fields(dog)[1].metadata["unit"])
print(Parrot("A") == Parrot("A"), Parrot("A", 4) == Animal("A", 4))
try:
    @dataclass
    class Broken:
        items: list = []
except ValueError as err:
    print("ValueError", "default_factory" in str(err))
