# merge intervals, find free slots, meeting rooms and greedy choice
import heapq


def minutes(text):
    h, m = text.split(":")
    return int(h) * 60 + int(m)


def clock(n):
    return f"{n // 60:02}:{n % 60:02}"


def merge(spans):
    out = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return out


def free(spans, day=("08:00", "18:00"), at_least=30):
    cursor, last = map(minutes, day)
    for start, end in merge(spans) + [[last, last]]:
        if start - cursor >= at_least:
            yield cursor, start
        cursor = max(cursor, end)


def rooms(spans):
    ends, most = [], 0
    for start, end in sorted(spans):
        if ends and ends[0] <= start:
            heapq.heappop(ends)
        heapq.heappush(ends, end)
        most = max(most, len(ends))
    return most


def most_meetings(spans):
    chosen, last = [], 0
    for start, end in sorted(spans, key=lambda s: s[1]):
        if start >= last:
            chosen.append((start, end))
            last = end
    return chosen


text = "09:00-10:30 10:00-11:00 13:15-14:00 11:00-11:45 16:00-17:45 16:30-17:00 09:30-09:45"
spans = [tuple(map(minutes, s.split("-"))) for s in text.split()]
show = lambda pairs: " ".join(f"{clock(a)}-{clock(b)}" for a, b in pairs)
print("busy ", show(merge(spans)))
print("free ", show(free(spans)))
print("rooms", rooms(spans))
print("most ", show(most_meetings(spans)))
print(sum(b - a for a, b in merge(spans)), "minutes busy,", sum(b - a for a, b in spans), "booked")
