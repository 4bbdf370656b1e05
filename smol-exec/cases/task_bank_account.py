# bank accounts with transactions, rollback and a statement
from dataclasses import dataclass, field
from decimal import Decimal


class BankError(Exception):
    pass


@dataclass
class Account:
    owner: str
    limit: Decimal = Decimal(0)
    history: list = field(default_factory=list)

    @property
    def balance(self):
        return sum((amount for _, amount in self.history), Decimal("0.00"))

    def post(self, text, amount):
        amount = Decimal(amount)
        if self.balance + amount < -self.limit:
            raise BankError(f"{self.owner} cannot pay {-amount} for {text}")
        self.history.append((text, amount))


class Bank:
    def __init__(self):
        self.accounts = {}

    def open(self, owner, deposit="0", **options):
        account = self.accounts[owner] = Account(owner, **options)
        account.post("opening", deposit)
        return account

    def transfer(self, source, target, amount):
        a, b = self.accounts[source], self.accounts[target]
        marks = len(a.history), len(b.history)
        try:
            b.post(f"from {source}", amount)
            a.post(f"to {target}", "-" + amount)
        except BankError:
            del a.history[marks[0]:], b.history[marks[1]:]
            raise


bank = Bank()
bank.open("ann", "100.50")
bank.open("bob", limit=Decimal(20))
for move in [("ann", "bob", "30.25"), ("bob", "ann", "45"), ("bob", "ann", "10"), ("eve", "ann", "1")]:
    try:
        bank.transfer(*move)
        print("ok  ", *move)
    except BankError as err:
        print("fail", err)
    except KeyError as err:
        print("fail no account", err)
for account in bank.accounts.values():
    print(f"{account.owner}: {account.balance}")
    running = Decimal(0)
    for text, amount in account.history:
        running += amount
        print(f"   {text:<10}{amount:>+9}{running:>9}")
print(sum(a.balance for a in bank.accounts.values()))
