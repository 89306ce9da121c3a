"""A proxy under test before the recording origin, and how a case is run and judged."""

import itertools
import time
from dataclasses import dataclass, field

from case import CLOSE, POOL_SAYS_MORE, RESET, allows, fewest_answers, most_answers, words_of
from conversation import Conversation
from recording_origin import RecordingOrigin

MOST_REFUSAL_BYTES = 1024
IDEMPOTENT = (b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE")


@dataclass
class Observation:
    """What happened. `broken`: against the RFC or to somebody else's harm; `unshapely`:
    against Weir's own rules."""

    outcome: str
    broken: list = field(default_factory=list)
    unshapely: list = field(default_factory=list)

    def meets_must(self, case):
        return allows(case.must, self.outcome) and not self.broken

    def meets_policy(self, case):
        return self.meets_must(case) and allows(case.policy, self.outcome) and not self.unshapely

    def __str__(self):
        return "; ".join([f"[{self.outcome}]", *self.broken, *self.unshapely])


class Front:
    """`proxy`: started, with a `port` and `is_alive()`. `patience`: seconds for any one wait.
    `by_policy`: answers beyond those of the case's policy are not waited for."""

    def __init__(self, origin: RecordingOrigin, proxy, patience, by_policy=True):
        self.origin, self.proxy, self.patience = origin, proxy, patience
        self.by_policy = by_policy
        self.numbers = itertools.count(1)
        self.barrier_client = None

    def connect(self, *methods):
        return Conversation(self.proxy.port, methods or (b"GET",), self.patience)

    def asks(self, client, kind):
        """One request of a bystander; a problem, or none."""
        target = b"/%b-%d" % (kind, next(self.numbers))
        before = len(client.answers)
        client.methods.append(b"GET")
        client.send(b"GET %b HTTP/1.1\r\nHost: shop.test\r\n\r\n" % target)
        client.until_answers(before + 1)
        answers = client.whole_answers[before:]
        if client.problem or not answers:
            return client.problem or "no answer"
        if answers[0].status != 200 or answers[0].body != b"GET " + target:
            return f"not its own answer but {answers[0].line!r} {answers[0].body[:60]!r}"
        return None

    def barrier(self):
        """Until the proxy, which has one thread, has read everything sent before."""
        problem = self.barrier_client and self.asks(self.barrier_client, b"barrier")
        if self.barrier_client is None or (problem and self.barrier_client.ended):
            self.close_barrier()  # the proxy may close what is idle
            self.barrier_client = self.connect()
            problem = self.asks(self.barrier_client, b"barrier")
        assert not problem, f"a client beside the case: {problem}"

    def close_barrier(self):
        if self.barrier_client:
            self.barrier_client.socket.close()
        self.barrier_client = None

    def run(self, case):
        """The case as it stands."""
        self.origin.begin(case.pool)
        with self.connect(*case.method_of_each) as client:
            for number, piece in enumerate(case.pieces):
                if piece == POOL_SAYS_MORE:
                    self.origin.release()
                    continue
                if isinstance(piece, str):
                    client.step(piece, self.origin)
                    continue
                if number and isinstance(case.pieces[number - 1], bytes):
                    self.barrier()
                client.send(piece)
            seen = self.observe(case, client)
        self.judge_pool(case, [seen])
        return seen

    def run_split(self, case, positions):
        """One client for each position at which the request's bytes are cut in two; all
        first halves are read before any second half is sent."""
        data = case.send
        self.origin.begin(case.pool)
        clients = [self.connect(*case.method_of_each) for _ in positions]
        for client, position in zip(clients, positions, strict=True):
            client.send(data[:position])
        self.barrier()
        for client, position in zip(clients, positions, strict=True):
            client.send(data[position:])
        return self.observe_all(case, clients)

    def run_split_answer(self, case, positions):
        """The same with the answer's bytes."""
        self.origin.begin(case.pool)
        clients = [self.connect(*case.method_of_each) for _ in positions]
        for client, position in zip(clients, positions, strict=True):
            client.send(case.send.replace(b" / ", b" /split-%d " % position, 1))
        self.release_until_answered(case, clients)
        return self.observe_all(case, clients)

    def release_until_answered(self, case, clients):
        """The first halves, then those of whatever was asked again. A request may reach the
        pool later than the barrier's: on a connection that had to be made."""
        allowed = case.allowed(self.by_policy)
        deadline = time.monotonic() + self.patience

        def waits(client):
            client.read(0)
            answered = len(client.whole_answers) >= most_answers(allowed)
            return not (answered or client.ended or client.problem)

        for round_trip in itertools.count(1):
            self.barrier()
            self.origin.release()
            enough = "wait" in allowed.split() or not any([waits(each) for each in clients])
            if round_trip >= 2 and (enough or time.monotonic() > deadline):
                return

    def observe_all(self, case, clients):
        seen = [self.observe(case, client) for client in clients]
        for client in clients:
            client.socket.close()
        self.judge_pool(case, seen)
        return seen

    def observe(self, case, client):
        """Reads what the client gets, and judges it."""
        allowed = case.allowed(self.by_policy)
        if "wait" in allowed.split():
            # The pool's answer may come on a connection that has to be made, after the barrier's.
            client.until_answers(fewest_answers(allowed))
            self.barrier()
            self.barrier()
            while client.read(0):
                pass
            if client.answers and client.answers[-1].closes:
                client.until_end()
            plain = outcome_of(client, len(client.answers))
            waiting = outcome_of(client, len(client.answers) + 1)
            seen = Observation(plain if allows(allowed, plain) else waiting)
        else:
            client.until_answers(most_answers(allowed))
            seen = Observation(outcome_of(client, most_answers(allowed)))
        if client.problem:
            seen.broken.append(client.problem)
        else:
            self.judge_end(case, client, seen)
            seen.unshapely += [f"the client got {each!r}" for each in client.reader.odd]
        self.judge_bytes(case, client, seen)
        return seen

    def judge_end(self, case, client, seen):
        """After the last answer: closed as announced, or good for another request."""
        answers = client.whole_answers
        if not answers or seen.outcome.endswith(("wait", "cut", "101")):
            return self.judge_tunnel(client, seen) if seen.outcome.endswith("101") else None
        last = answers[-1]
        if not seen.outcome.endswith(("ok", "502", "504")):
            self.judge_refusal(client, last, seen)
        elif last.closes or client.ended or client.half_closed:
            client.until_end()
            if not client.ended:
                seen.broken.append("stayed open beyond the end")
        elif case.cut_off:
            seen.unshapely.append("stayed open before the end of the request")
        elif problem := self.asks(client, b"after"):
            seen.broken.append(f"next request on the connection: {problem}")
        if len(client.answers) > len(answers) + (not client.ended):
            seen.broken.append("more answers than requests")

    @staticmethod
    def judge_refusal(client, last, seen):
        if not last.closes:
            seen.unshapely.append("refused without close")
        client.until_end()
        if not client.ended:
            seen.unshapely.append("refused and stayed open")
        if client.answers[-1] is not last or client.reader.buffer:
            seen.broken.append("more follows a refusal")
        if len(last.body) > MOST_REFUSAL_BYTES:
            seen.unshapely.append("a large refusal")

    @staticmethod
    def judge_tunnel(client, seen):
        client.send(b"ping")
        client.until(lambda: b"pong" in client.reader.buffer)
        if b"pong" not in client.reader.buffer:
            seen.broken.append("the tunnel does not carry")

    def judge_bytes(self, case, client, seen):
        got = client.reader.raw.lower()
        if "ok" in seen.outcome or "101" in seen.outcome:
            missing = [each for each in case.gets if each.lower() not in got]
            seen.broken += [f"the client did not get {each!r}" for each in missing]
        strange = [each for each in case.never_gets if each.lower() in got]
        seen.broken += [f"the client got {each!r}" for each in strange]

    def judge_pool(self, case, seen):
        """What the pool saw, once all is quiet; then somebody else asks."""
        asked_by_others = [self.bystander() for _ in range(2)]
        try:
            self.origin.await_rest(self.patience)
        except AssertionError as problem:
            seen[0].broken.append(str(problem))
        seen[0].broken += [f"another client: {each}" for each in asked_by_others if each]
        seen[0].broken += self.origin.problems
        seen[0].unshapely += [f"the pool got {each!r}" for each in self.origin.odd]
        if self.origin.reused:
            harmless = "ok" in words_of(case.must)
            found = seen[0].unshapely if harmless else seen[0].broken
            found.append("a connection that misbehaved was used again")
        self.judge_count(case, seen)
        self.judge_received(case, seen)
        if not self.proxy.is_alive():
            seen[0].broken.append("the proxy died")

    def bystander(self):
        with self.connect() as client:
            return self.asks(client, b"next") or self.asks(client, b"next")

    def judge_count(self, case, seen):
        asked = self.origin.asked
        whole = sum(each.complete for each in asked)
        answered = sum(word in ("ok", "cut", "101") for s in seen for word in s.outcome.split())
        refused_only = not answered and not case.pool
        if refused_only and asked and not case.streams:
            seen[0].broken.append(f"refused, and yet the pool saw {asked[0].line!r}")
        if len(asked) > whole and not (case.streams or case.pool):
            seen[0].broken.append("the pool saw a request without its end")
        if case.pool:
            self.judge_repeats(case, seen, asked)
        elif whole != answered and not case.streams:
            seen[0].broken.append(f"{whole} requests at the pool, {answered} answers")

    @staticmethod
    def judge_repeats(case, seen, asked):
        """Once, and where that is harmless again: on a fresh connection, and as a retry."""
        repeatable = all(each.method in IDEMPOTENT for each in asked)
        broke_off = case.pool.then in (CLOSE, RESET)
        answers = sum(max(1, len(words_of(each.outcome))) for each in seen)
        most = answers * (3 if repeatable and broke_off else 1)
        if len(asked) > most:
            seen[0].broken.append(f"asked the pool {len(asked)} times, at most {most}")

    def judge_received(self, case, seen):
        received = self.origin.received.lower()
        if self.origin.asked:
            for words, found in ((case.has, seen[0].broken), (case.shows, seen[0].unshapely)):
                missing = [each for each in words if each.lower() not in received]
                found += [f"the pool did not get {each!r}" for each in missing]
        for words, found in ((case.lacks, seen[0].broken), (case.strips, seen[0].unshapely)):
            passed = [each for each in words if each.lower() in received]
            found += [f"the pool got {each!r}" for each in passed]


def outcome_of(client, expected):
    words = [word_of(each) for each in client.answers]
    if client.ended or client.problem:
        return " ".join(words) or "close"
    return " ".join([*words, "wait"] if len(words) < expected else words)


def word_of(answer):
    if answer.status == 101:
        return "101"
    if not answer.value(b"X-Origin"):
        return str(answer.status)
    return "ok" if answer.complete else "cut"
