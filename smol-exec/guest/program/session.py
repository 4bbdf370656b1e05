"""One run's Python: blocks of code over one namespace, the value of the last expression, final answers, tracebacks."""

import ast
import builtins
import dis
import linecache
import random
import sys
import traceback
import types

import guest_foreign as foreign
from guest_imports import restrict
from guest_output import Output
from guest_tools import ToolError, make_tool
from guest_values import encode, show

ANSWER = "final_answer"


class FinalAnswer(BaseException):
    """Unwinds the block; no `except Exception` stops it."""


class Session:
    """`call(name, arguments)` asks the host for a tool's reply; `write(text)` hands it output."""

    def __init__(self, spec, call, write):
        self.blocks, self.answer, self.limit = 0, [], spec["output_limit"]
        self.output = Output(write)
        self.main = sys.modules["__main__"] = types.ModuleType("__main__")
        self.namespace = self.main.__dict__
        self.namespace.update(__builtins__=builtins, ToolError=ToolError)
        tools = [tool for tool in spec["tools"] if tool["name"] != ANSWER]
        self.tools = {tool["name"]: make_tool(tool, call) for tool in tools}
        if spec["imports"] is not None and "*" not in spec["imports"]:
            restrict(self.namespace, spec["imports"])
        sys.argv = [""]
        # Its state is part of the snapshot, the same for every session.
        random.seed(spec["seed"])

    def final_answer(self, answer=None):
        """Ends the run with this answer."""
        self.answer = [answer]
        raise FinalAnswer

    def run(self, code):
        """The outcome of one block: {"value" | "final_answer" | "raised": {...}}."""
        self.blocks += 1
        self.answer = []
        self.namespace.update(self.tools)
        self.namespace[ANSWER] = self.end = self.final_answer
        self.output.start()
        sys.stdout = sys.stderr = self.output.stream
        try:
            return self.outcome(code)
        finally:
            self.output.finish()

    def outcome(self, code):
        try:
            value = foreign.shown_plots(self.execute(code, f"<block {self.blocks}>"))
            self.find_assigned_answer()
            return self.final() if self.answer else self.shown("value", value, repr)
        except BaseException as error:
            try:
                return self.final() if self.answer else self.raised(error)
            except BaseException as second:
                return {"raised": {"kind": type(error).__name__, "error": f"{type(error).__name__}: {second!r}"}}

    def execute(self, code, name):
        linecache.cache[name] = len(code), None, [line + "\n" for line in code.splitlines()], name
        tree = ast.parse(code, name)
        last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        body = compile(tree, name, "exec", dont_inherit=True)
        end = compile(last, name, "eval", dont_inherit=True) if last else None
        for part in filter(None, (body, end)):
            self.refuse_lost_tools(part, name)
        exec(body, self.namespace)
        return eval(end, self.namespace) if end else None

    def refuse_lost_tools(self, code, name, bindings=("STORE_GLOBAL", "STORE_NAME")):
        """A tool's name that the block would bind to something else is a mistake to be told of, not to be run."""
        for nested in code.co_consts:
            if isinstance(nested, types.CodeType):
                self.refuse_lost_tools(nested, name, ("STORE_GLOBAL",))
        if may_bind(code, self.tools, bindings):
            for step in dis.get_instructions(code):
                if step.opname in bindings and step.argval in self.tools:
                    raise self.lost_tool(step.argval, name, getattr(step, "positions", None))

    def lost_tool(self, tool, name, place):
        message = f"cannot assign to `{tool}`, which is a tool: use another name"
        if place is None:
            # Python 3.10 does not know.
            return SyntaxError(message)
        line = linecache.getline(name, place.lineno)
        return SyntaxError(message, (name, place.lineno, place.col_offset + 1, line, place.end_lineno, place.end_col_offset + 1))

    def find_assigned_answer(self):
        value = self.namespace.get(ANSWER, self.end)
        definition = isinstance(value, (types.FunctionType, type, types.ModuleType))
        if not self.answer and value is not self.end and not definition:
            self.answer = [value]

    def final(self):
        [answer] = self.answer
        return self.shown("final_answer", answer, str)

    def shown(self, kind, value, how):
        encoded = encode(value)
        text = "" if value is None and how is repr else foreign.text(encoded) or show(value, how)
        return {kind: {"value": encoded, "text": self.clip(text)}}

    def raised(self, error):
        """The traceback without the frames of this program."""
        report = traceback.TracebackException.from_exception(error)
        start = next((index for index, frame in enumerate(report.stack) if frame.filename.startswith("<block ")), None)
        report.stack = report.stack[start:] if start is not None else []
        strip(report, set())
        return {"raised": {"kind": type(error).__name__, "error": self.clip("".join(report.format()).rstrip())}}

    def clip(self, text):
        """The head and the tail of what is longer than the limit."""
        half, left_out = self.limit // 2, len(text) - self.limit
        return text if left_out <= 0 else f"{text[:half]}\n[{left_out} characters left out]\n{text[-half:]}"


def may_bind(code, names, bindings):
    """A quick look at the raw bytes for what may be an instruction that binds one of the names."""
    for index, name in enumerate(code.co_names):
        if name in names and any(bytes((dis.opmap[step], index & 255)) in code.co_code for step in bindings):
            return True
    return False


def strip(report, seen):
    """Takes this program's frames out of a traceback and of those it was caused by."""
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    frames = [frame for frame in report.stack or () if not frame.filename.startswith("<guest_")]
    report.stack = traceback.StackSummary.from_list(frames) if frames else None
    for other in [report.__cause__, report.__context__, *(getattr(report, "exceptions", None) or ())]:
        strip(other, seen)
