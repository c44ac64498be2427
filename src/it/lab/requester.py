#!/usr/bin/python3 -IS
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Asks an echo-server.py, directly or through a Service, and prints each answer on a line of its own.

    requester.py {http,tcp,udp,sctp} ADDRESS PORT [--count N | --until-end] [--keep] [--peer] [--timeout SECONDS]

Each request opens a connection (UDP: a socket) of its own, unless --keep makes one serve them all (not HTTP). Where no answer
comes the line is "! " and the reason. With --until-end it asks until its standard input ends. Prints "ready" before
anything else when asked with --until-end. The exit status is 0 when every request was answered.
"""
import argparse
import select
import socket
import sys


def connect(options):
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    where = (options.address, options.port)
    if options.protocol == "udp":
        asker = socket.socket(family, socket.SOCK_DGRAM)
    elif options.protocol == "sctp":
        asker = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
        # Unbound it would offer all addresses of this machine, among them ones that address translation breaks.
        asker.bind((source_address(family, where), 0))
    else:
        asker = socket.socket(family, socket.SOCK_STREAM)
    asker.settimeout(options.timeout)
    asker.connect(where)
    return asker


def source_address(family, where):
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(where)
        return probe.getsockname()[0]


def ask(options, asker):
    question = "peer" if options.peer else ""
    if options.protocol == "http":
        asker.sendall(f"GET /{question} HTTP/1.1\r\nHost: {options.address}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = receive_all(asker).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 ") or not body:
            raise OSError("not an answer: " + repr(head + body))
        return body
    asker.sendall(question.encode() + b"\n")
    answer = asker.recv(4096)
    while answer and not answer.endswith(b"\n"):
        answer += asker.recv(4096)
    if not answer:
        raise OSError("closed without an answer")
    return answer


def receive_all(asker):
    received = b""
    while more := asker.recv(4096):
        received += more
    return received


def more_wanted(options, done):
    if options.until_end:
        return not select.select([sys.stdin], [], [], options.interval)[0]
    return done < options.count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("protocol", choices=["http", "tcp", "udp", "sctp"])
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--until-end", action="store_true")
    parser.add_argument("--interval", type=float, default=0.01, help="seconds between requests with --until-end")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--timeout", type=float, default=5)
    options = parser.parse_args()
    done, failed, asker = 0, 0, None
    if options.until_end:
        print("ready", flush=True)
    while more_wanted(options, done):
        done += 1
        try:
            asker = asker or connect(options)
            print(ask(options, asker).decode().rstrip("\n"), flush=True)
        except OSError as problem:
            failed += 1
            print("!", problem, flush=True)
            asker = close(asker)
        if not options.keep or options.protocol == "http":
            asker = close(asker)
    sys.exit(failed > 0)


def close(asker):
    if asker:
        asker.close()


main()
