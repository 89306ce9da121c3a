"""The clients people really use, each as a function: method, url, body, fields -> answer."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx
import requests

from waiting import scaled
from wire import RawClient, parse_fields
from wire import request as raw_request


@dataclass
class Answer:
    status: int
    fields: dict
    body: bytes


def lower(pairs):
    return {name.lower(): value for name, value in pairs}


def by_curl(method, weir, path, body=None, **fields):
    with tempfile.TemporaryDirectory() as folder:
        head, content = Path(folder, "head"), Path(folder, "body")
        command = ["curl", "-sS", "-D", head, "-o", content, "--max-time", str(scaled(30))]
        command += ["-I"] if method == "HEAD" else ["-X", method]
        for name, value in fields.items():
            command += ["-H", f"{name}: {value}"]
        if body is not None:
            command += ["--data-binary", "@-"]
        subprocess.run([*command, weir.url + path], input=body or b"", check=True)
        lines = head.read_bytes().decode("latin-1").split("\r\n\r\n")[-2].split("\r\n")
        held = content.read_bytes() if content.exists() and method != "HEAD" else b""
    return Answer(int(lines[0].split(" ")[1]), lower(parse_fields(lines[1:])), held)


def by_requests(method, weir, path, body=None, **fields):
    answer = requests.request(
        method, weir.url + path, data=body, headers=fields, timeout=scaled(30)
    )
    return Answer(answer.status_code, lower(answer.headers.items()), answer.content)


def by_httpx(method, weir, path, body=None, **fields):
    answer = httpx.request(
        method, weir.url + path, content=body, headers=fields, timeout=scaled(30)
    )
    return Answer(answer.status_code, lower(answer.headers.items()), answer.content)


def by_socket(method, weir, path, body=None, **fields):
    with RawClient(weir.port, 30) as client:
        client.send(raw_request(method, path, body, **fields))
        answer = client.response(to=method)
    return Answer(answer.status, lower(answer.fields), answer.body)


EVERY_CLIENT = [by_curl, by_requests, by_httpx, by_socket]
