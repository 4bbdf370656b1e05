# coroutines driven by hand: awaitables and coroutine objects need no loop
import inspect
import types


class Ask:
    def __init__(self, question):
        self.question = question

    def __await__(self):
        answer = yield self.question
        return answer


@types.coroutine
def pause(label):
    got = yield label
    return got


async def interview():
    name = await Ask("name?")
    age = int(await Ask("age?"))
    extra = await pause("extra")
    return f"{name} is {age} ({extra})"


def drive(coro, answers):
    reply = None
    try:
        while True:
            question = coro.send(reply)
            reply = answers.pop(0)
            print(question, "->", reply)
    except StopIteration as done:
        return done.value


print(drive(interview(), ["Ann", "41", "ok"]))
try:
    drive(interview(), ["Bob", "old", "-"])
except ValueError as err:
    print("ValueError from inside the coroutine")
c = interview()
print(inspect.iscoroutine(c), inspect.iscoroutinefunction(interview), inspect.isawaitable(Ask("?")))
c.close()
print(inspect.getcoroutinestate(c))
