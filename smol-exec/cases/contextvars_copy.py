# contextvars: tokens, copies of the context, isolation
import contextvars

user = contextvars.ContextVar("user", default="nobody")
depth = contextvars.ContextVar("depth")


def show(label):
    print(label, user.get(), depth.get("unset"))


show("start")
token = user.set("ann")
depth.set(1)
show("set")
ctx = contextvars.copy_context()


def inside():
    user.set("bob")
    depth.set(depth.get() + 10)
    show("inside")
    return depth.get()


print(ctx.run(inside))
show("outside")
print(ctx[user], user in ctx, len(ctx) >= 2, ctx.get(depth))
user.reset(token)
show("reset")
try:
    contextvars.ContextVar("fresh").get()
except LookupError:
    print("no value")
print(token.old_value is contextvars.Token.MISSING, token.var is user, user.name)
