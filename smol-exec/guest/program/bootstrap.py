import json, os, sys, types
sys.path[:] = [path for path in sys.path if path]
source, sink = os.fdopen(os.dup(0), "rb"), os.dup(1)
nothing = os.open(os.devnull, os.O_RDWR)
os.dup2(nothing, 0)
os.dup2(2, 1)
for name, code in json.loads(source.readline()):
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(code, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
module.serve(source, sink)
