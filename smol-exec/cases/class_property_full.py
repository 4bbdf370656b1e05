# property with getter, setter, deleter and a read-only property
class Account:
    def __init__(self, owner, cents=0):
        self.owner = owner
        self._cents = cents

    @property
    def balance(self):
        """Balance in euros."""
        return self._cents / 100

    @balance.setter
    def balance(self, euros):
        if euros < 0:
            raise ValueError("negative balance")
        self._cents = round(euros * 100)

    @balance.deleter
    def balance(self):
        print("closing", self.owner)
        self._cents = 0

    @property
    def initials(self):
        return "".join(word[0] for word in self.owner.split())


acc = Account("Ada Lovelace", 1250)
print(acc.balance, acc.initials)
acc.balance += 7.75
print(acc.balance, acc._cents)
try:
    acc.balance = -1
except ValueError as err:
    print("error:", err, acc.balance)
try:
    acc.initials = "XX"
except AttributeError:
    print("initials cannot be set")
del acc.balance
print(acc.balance, Account.balance.__doc__, type(Account.balance).__name__)
