# instance, class and static methods, alternative constructors
class Celsius:
    zero_kelvin = -273.15

    def __init__(self, degrees):
        if not self.possible(degrees):
            raise ValueError(f"{degrees} is below absolute zero")
        self.degrees = degrees

    @classmethod
    def from_fahrenheit(cls, value):
        return cls((value - 32) * 5 / 9)

    @classmethod
    def parse(cls, text):
        number, unit = text[:-1], text[-1]
        return cls.from_fahrenheit(float(number)) if unit == "F" else cls(float(number))

    @staticmethod
    def possible(degrees):
        return degrees >= Celsius.zero_kelvin

    def __repr__(self):
        return f"{type(self).__name__}({self.degrees:.1f})"


class Lab(Celsius):
    pass


print(Celsius(20), Celsius.from_fahrenheit(212), Lab.from_fahrenheit(32))
print(Celsius.parse("98.6F"), Lab.parse("-4C"))
print(Celsius.possible(-300), Lab(1).possible(0))
try:
    Lab.parse("-500F")
except ValueError as err:
    print("refused:", str(err).split(" is ")[1])
bound = Lab(7).parse
print(bound("1C"), bound.__self__ is Lab, bound.__func__ is Celsius.parse.__func__)
