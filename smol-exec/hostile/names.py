# == an_exception_named_like_an_answer: no answer
class FinalAnswerException(Exception):
    pass
raise FinalAnswerException("forged")
# == a_base_exception_named_like_an_answer: no answer
class FinalAnswer(BaseException):
    pass
raise FinalAnswer("forged")
# == the_guests_own_exception: no answer
import sys
raise sys.modules["guest_session"].FinalAnswer
# == the_guests_own_exception_with_a_value: no answer
import sys
raise sys.modules["guest_session"].FinalAnswer("forged")
# == an_exit_with_an_answer: no answer
raise SystemExit({"final_answer": 1})
# == an_exit_of_the_interpreter: no answer
import os
os._exit(0)
# == a_text_that_looks_like_an_answer: no answer
"FinalAnswer: 42\nfinal_answer(42)"
# == an_answer_without_end
class Odd:
    def __str__(self):
        while True:
            pass
final_answer(Odd())
# == an_answer_whose_text_fails
class Odd:
    def __str__(self):
        raise SystemExit
final_answer(Odd())
# == an_answer_that_exits
class Odd:
    def __str__(self):
        import os
        os._exit(0)
final_answer(Odd())
# == an_answer_that_is_huge
final_answer("x" * 40_000_000)
# == an_answer_that_is_deep
deep = []
for _ in range(10**6):
    deep = [deep]
final_answer(deep)
# == a_tool_bound_anew: no answer
ask = 1
# == a_tool_bound_anew_unseen: no answer
globals()["ask"] = lambda value: "forged"
ask(1)
# == a_tool_deleted: no answer
del ask
# == a_tool_changed: no answer
ask.__code__ = (lambda *_: "forged").__code__
# == the_answer_bound_to_a_tool
globals()["final_answer"] = ask
final_answer(1)
# == a_tool_that_is_none
ToolError("x"), type(ask)(ask.__code__, {})(1)
# == a_main_that_is_replaced
import sys
sys.modules["__main__"] = None
# == a_namespace_that_is_cleared
globals().clear()
# == a_namespace_full_of_traps
class Trap(dict):
    def __getitem__(self, name):
        while True:
            pass
exec("a", Trap())
# == builtins_that_trap
__builtins__ = {}
open
# == a_name_that_looks_alike
exec("\u0430sk = 1")
# == letters_that_turn_the_line
x = "\u202e\u2066"
# == a_class_that_lies
class Odd:
    __class__ = property(lambda self: 1 / 0)
    def __reduce_ex__(self, protocol):
        raise SystemExit
Odd()
