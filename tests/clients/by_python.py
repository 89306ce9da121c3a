"""Python's clients. Each function makes a visit: base URL, authority, steps -> answers."""

import asyncio
import http.client
import ssl
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests

from steps import Answer
from waiting import scaled

PATIENCE_SECONDS = 20
PIECE = 30_000


def in_pieces(body):
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


async def async_pieces(body):
    for piece in in_pieces(body):
        yield piece


def sent(step):
    return in_pieces(step.body) if step.chunked else step.body


def by_http_client(base, authority, steps):
    to = urlsplit(base)
    if to.scheme == "https":
        context = ssl.create_default_context(cafile=authority.certificate)
        client = http.client.HTTPSConnection(to.hostname, to.port, context=context)
    else:
        client = http.client.HTTPConnection(to.hostname, to.port)
    client.timeout = scaled(PATIENCE_SECONDS)
    answers = {}
    for step in steps:
        client.request(step.method, step.path, sent(step), dict(step.fields))
        got = client.getresponse()
        answers[step.name] = Answer.of(got.status, got.getheaders(), got.read())
    client.close()
    return answers


def by_requests(base, authority, steps):
    answers, session = {}, requests.Session()
    session.trust_env, session.verify = False, str(authority.certificate)
    for step in steps:
        if step.fresh:
            session.cookies.clear()
        got = session.request(
            step.method, base + step.path, data=sent(step), headers=dict(step.fields),
            timeout=scaled(PATIENCE_SECONDS), stream=True,
        )
        body = got.raw.read(decode_content=False)
        answers[step.name] = Answer.of(got.status_code, got.headers.items(), body)
    session.close()
    return answers


def by_httpx(base, authority, steps):
    answers, context = {}, ssl.create_default_context(cafile=authority.certificate)
    options = {"verify": context, "trust_env": False, "follow_redirects": True}
    with httpx.Client(**options, timeout=scaled(PATIENCE_SECONDS)) as client:
        for step in steps:
            if step.fresh:
                client.cookies.clear()
            with client.stream(
                step.method, base + step.path, content=sent(step), headers=dict(step.fields)
            ) as got:
                body = b"".join(got.iter_raw())
            answers[step.name] = Answer.of(got.status_code, got.headers.items(), body)
    return answers


async def by_aiohttp_async(base, authority, steps):
    context = ssl.create_default_context(cafile=authority.certificate)
    answers, timeout = {}, aiohttp.ClientTimeout(scaled(PATIENCE_SECONDS))
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, auto_decompress=False
    ) as session:
        for step in steps:
            if step.fresh:
                session.cookie_jar.clear()
            async with session.request(
                step.method, base + step.path, headers=dict(step.fields),
                data=async_pieces(step.body) if step.chunked else step.body,
                expect100=step.expect,
            ) as got:
                answers[step.name] = Answer.of(got.status, got.headers.items(), await got.read())
    return answers


def by_aiohttp(base, authority, steps):
    return asyncio.run(by_aiohttp_async(base, authority, steps))
