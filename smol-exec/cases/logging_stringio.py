# logging to a StringIO: levels, hierarchy, formatting, filters
import io
import logging

stream = io.StringIO()
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)-8s|%(name)s|%(message)s"))
log = logging.getLogger("app")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(handler)
child = logging.getLogger("app.db")
log.debug("hidden")
log.info("user %s has %d items", "ann", 3)
child.warning("slow query: %.2fs", 1.234)
child.setLevel(logging.ERROR)
child.warning("dropped")
child.error("kept")
log.log(25, "custom level")
log.addFilter(lambda record: "secret" not in record.getMessage())
log.critical("the secret is out")
try:
    1 / 0
except ZeroDivisionError:
    log.error("caught", exc_info=False)
adapter = logging.LoggerAdapter(log, {"job": 7})
adapter.info("adapted")
print(stream.getvalue(), end="")
print(child.parent is log, child.getEffectiveLevel(), log.isEnabledFor(logging.DEBUG), logging.getLevelName(40), logging.getLogger("app") is log)
handler.setFormatter(logging.Formatter("{levelname:.1} {message}", style="{"))
stream.truncate(0)
stream.seek(0)
log.warning("last")
print(repr(stream.getvalue()))
