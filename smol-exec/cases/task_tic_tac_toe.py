# tic-tac-toe by minimax
LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
cache = {}


def winner(board):
    for a, b, c in LINES:
        if board[a] != "." and board[a] == board[b] == board[c]:
            return board[a]
    return None if "." in board else "draw"


def score(board, player):
    """+1 when `player` to move wins, -1 when losing, 0 for a draw."""
    key = board, player
    if key not in cache:
        result = winner(board)
        if result:
            cache[key] = 0 if result == "draw" else 1 if result == player else -1
        else:
            cache[key] = max(-score(after, other(player)) for _, after in moves(board, player))
    return cache[key]


def other(player):
    return "O" if player == "X" else "X"


def moves(board, player):
    return [(i, board[:i] + player + board[i + 1:]) for i, ch in enumerate(board) if ch == "."]


def best(board, player):
    return max(moves(board, player), key=lambda m: -score(m[1], other(player)))


def show(board):
    return " / ".join(board[i:i + 3] for i in (0, 3, 6))


board, player = "X...O....", "X"
while not winner(board):
    spot, board = best(board, player)
    print(player, spot, show(board))
    player = other(player)
print("result:", winner(board), "| states", len(cache) > 500)
print(best("XX.OO....", "X")[0], best("XX.OO....", "O")[0], score("." * 9, "X"), score("XO..X....", "O"))
