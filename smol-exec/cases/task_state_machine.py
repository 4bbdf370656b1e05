# a vending machine as a table driven state machine
class Vending:
    PRICES = {"tea": 3, "cola": 5}

    def __init__(self):
        self.state, self.coins, self.trace = "idle", 0, []

    def send(self, event, value=None):
        handler = getattr(self, f"{self.state}_{event}", None)
        if handler is None:
            return f"{event} ignored in {self.state}"
        before = self.state
        result = handler(value)
        self.trace.append(f"{before}>{self.state}")
        return result

    def idle_coin(self, value):
        self.coins += value
        self.state = "paid"
        return f"credit {self.coins}"

    paid_coin = idle_coin

    def paid_choose(self, item):
        price = self.PRICES.get(item)
        if price is None:
            return f"no {item}"
        if price > self.coins:
            return f"{price - self.coins} more"
        self.coins -= price
        self.state = "paid" if self.coins else "idle"
        return f"here is {item}, credit {self.coins}"

    def paid_cancel(self, _):
        back, self.coins, self.state = self.coins, 0, "idle"
        return f"returned {back}"

    def idle_kick(self, _):
        self.state = "broken"
        return "crack"


machine = Vending()
script = "choose tea; coin 2; choose tea; coin 5; choose milk; choose tea; cancel; cancel; kick; coin 1"
for command in script.split("; "):
    event, _, arg = command.partition(" ")
    print(f"{command:<12} {machine.send(event, int(arg) if arg.isdigit() else arg)}")
print(machine.state, machine.trace)
