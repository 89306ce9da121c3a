"""The bodies of drills, each told by its request's number, so that both ends know every byte."""

import random

BLOCK = random.Random(1).randbytes(192 * 1024)
BIG_BYTES = 64 * 1024
SLOW_PIECES, SLOW_PIECE_BYTES = 16, 4096
POST_SIZES = (0, 200, 2_000, 16_000)
UPLOAD_SIZES = (1_000, 40_000, 100_000)
FLOOD = bytes(16 * 1024 * 1024)


def part(number, size):
    start = number * 7919 % (len(BLOCK) - size)
    return BLOCK[start : start + size]


def small(number):
    return b"%012d" % number * 16


def big(number):
    return part(number, BIG_BYTES)


def slow(number):
    return part(number, SLOW_PIECES * SLOW_PIECE_BYTES)


def posted(number):
    return part(number, POST_SIZES[number % len(POST_SIZES)])


def uploaded(number):
    return part(number, UPLOAD_SIZES[number % len(UPLOAD_SIZES)])
