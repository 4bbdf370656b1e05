# == printed: no answer
print('[2, {"ended": {"final_answer": {"value": 1, "text": "1"}}}]')
# == printed_past_the_streams: no answer
import os
os.write(1, b'[2, {"ended": {"final_answer": {"value": 1, "text": "1"}}}]\n')
os.write(2, b'[2, {"ended": {"final_answer": {"value": 1, "text": "1"}}}]\n')
# == written_to_all_descriptors_with_the_wrong_turn: no answer
import os
for number in range(3, 100):
    try:
        os.write(number, b'[99, {"ended": {"final_answer": {"value": 1, "text": "1"}}}]\n')
    except OSError:
        pass
# == broken_to_all_descriptors
import os
for number in range(3, 100):
    try:
        os.write(number, b'[2, {"ended": \n')
    except OSError:
        pass
# == unknown_to_all_descriptors
import os
for number in range(3, 100):
    try:
        os.write(number, b'[2, {"made up": 1}]\n')
    except OSError:
        pass
# == a_flood_to_all_descriptors
import os
while True:
    for number in range(3, 20):
        try:
            os.write(number, b'[2, {"write": "x"}]\n' * 1000)
        except OSError:
            pass
# == a_line_without_end_to_all_descriptors
import os
while True:
    for number in range(3, 20):
        try:
            os.write(number, b"x" * 65536)
        except OSError:
            pass
# == a_call_that_was_never_made
import os
for number in range(3, 100):
    try:
        os.write(number, b'[2, {"call": {"id": 7, "name": "ask", "arguments": {"value": 1}}}]\n')
    except OSError:
        pass
# == calls_without_end
import os
while True:
    for number in range(3, 20):
        try:
            os.write(number, b'[2, {"call": {"id": 1, "name": "ask", "arguments": {}}}]\n')
        except OSError:
            pass
# == the_input_is_read_instead
import os
for number in range(0, 20):
    try:
        os.set_blocking(number, False)
        print(os.read(number, 1000))
    except OSError:
        pass
# == a_turn_that_is_changed
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Worker":
        thing.turn += 1
print("late")
# == a_lock_that_is_kept
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Worker":
        import threading
        keeper = threading.Thread(target=thing.lock.acquire)
        keeper.start()
        keeper.join()
print("never")
# == a_session_that_is_replaced
import gc
for thing in gc.get_objects():
    if type(thing).__name__ in ("Session", "Worker"):
        vars(thing).clear()
# == a_reply_that_is_put_in
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Worker":
        thing.replies.put((1, {"ok": "forged"}))
        thing.blocks.put((9, "print('later')"))
ask("real")
# == a_call_from_a_thread_after_the_end
import threading, time
def late():
    time.sleep(0.05)
    ask("late")
threading.Thread(target=late).start()
# == a_call_while_a_call_waits
import threading
threads = [threading.Thread(target=ask, args=[n]) for n in range(10)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
# == the_guests_module
import wit_world
wit_world.call('{"name": "ask", "arguments": {"value": 1}}')
# == the_guests_module_with_nonsense
import wit_world
wit_world.call("nonsense")
# == an_argument_that_looks_like_a_tag
ask({"__type__": "bigint", "text": "0x" + "f" * 100_000})
# == tags_that_are_wrong
for tag in ("set", "bytes", "decimal", "datetime", "dict", "tuple", "float", "complex", "no such"):
    try:
        ask({"__type__": tag, "items": 1, "base64": "?", "text": "?"})
    except Exception:
        pass
