# configparser: sections, defaults, interpolation, types, writing
import configparser
import io

text = """
[DEFAULT]
home = /srv
debug = no

[web]
port = 8080
root = %(home)s/www
hosts =
    a.example
    b.example

[db]
debug = yes
timeout : 2.5
; a comment
"""
cfg = configparser.ConfigParser()
cfg.read_string(text)
print(cfg.sections(), cfg["web"]["root"], cfg["web"].getint("port") + 1, cfg["db"].getfloat("timeout"))
print(cfg["db"].getboolean("debug"), cfg["web"].getboolean("debug"), cfg["web"]["hosts"].split(), "home" in cfg["db"])
print(cfg.get("db", "nope", fallback="fb"), cfg.has_option("web", "port"), cfg.options("db"), cfg["web"]["PORT"])
cfg["new"] = {"Key": "value", "n": "1"}
cfg.set("new", "n", "2")
cfg.remove_section("web")
out = io.StringIO()
cfg.write(out)
print(out.getvalue().strip())
for action in (lambda: cfg["missing"], lambda: cfg.get("db", "zz"), lambda: cfg.read_string("[a]\n[a]\n"), lambda: cfg.read_string("stray = 1")):
    try:
        action()
    except (KeyError, configparser.Error) as err:
        print(type(err).__name__)
