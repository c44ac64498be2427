#!/usr/bin/python3 -IS
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Answers whoever asks with a name: what a pod runs in the tests of the lab.

    echo-server.py NAME [--http PORT] [--tcp PORT] [--udp PORT] [--sctp PORT]...

HTTP answers each GET with "NAME\\n" and closes; TCP, UDP and SCTP answer each line or message so, and the connection
stays until the other side closes it. To "peer" (HTTP: /peer) the answer is "NAME ADDRESS PORT\\n" with the asker's
address as seen from here. Prints "ready" when it listens on all ports, on all addresses of IPv4 and IPv6.
"""
import argparse
import socket
import struct
import threading


def answer(name, request, peer):
    if request.strip().lstrip(b"/") != b"peer":
        return f"{name}\n".encode()
    return f"{name} {peer[0].removeprefix('::ffff:')} {peer[1]}\n".encode()


def serve_http(name, connection, peer):
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        if not received:
            return
        head += received
    body = answer(name, head.split(b" ", 2)[1], peer)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                       b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def serve_lines(name, connection, peer):
    rest = b""
    while received := connection.recv(4096):
        *lines, rest = (rest + received).split(b"\n")
        for line in lines:
            connection.sendall(answer(name, line, peer))


def serve_connection(serve, name, connection, peer):
    with connection:
        try:
            serve(name, connection, peer)
        except OSError:
            pass  # the asker is gone, with which this connection has served its purpose


def accept(listener, serve, name):
    while True:
        connection, peer = listener.accept()
        threading.Thread(target=serve_connection, args=(serve, name, connection, peer), daemon=True).start()


def serve_datagrams(receiver, name):
    while True:
        request, control, _, peer = receiver.recvmsg(65536, 64)
        # Answers from the address that was asked: the pod may have several.
        receiver.sendmsg([answer(name, request, peer)], [own_address(item) for item in control], 0, peer)


def own_address(item):
    level, kind, data = item
    address, _ = struct.unpack("16sI", data[:20])
    return level, kind, struct.pack("16sI", address, 0)


def listen(family, kind, protocol, port):
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        # SCTP tells all addresses of a socket to the other side, so it gets one socket for each family.
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, protocol == socket.IPPROTO_SCTP)
    listener.bind(("", port))
    if kind == socket.SOCK_STREAM:
        listener.listen(1024)
    return listener


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    for protocol in ("http", "tcp", "udp", "sctp"):
        parser.add_argument("--" + protocol, type=int, action="append", default=[])
    options = parser.parse_args()
    tasks = []
    for port in options.http:
        tasks.append((accept, listen(socket.AF_INET6, socket.SOCK_STREAM, 0, port), serve_http, options.name))
    for port in options.tcp:
        tasks.append((accept, listen(socket.AF_INET6, socket.SOCK_STREAM, 0, port), serve_lines, options.name))
    for port in options.udp:
        receiver = listen(socket.AF_INET6, socket.SOCK_DGRAM, 0, port)
        receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        tasks.append((serve_datagrams, receiver, options.name))
    for port in options.sctp:
        for family in (socket.AF_INET, socket.AF_INET6):
            listener = listen(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP, port)
            tasks.append((accept, listener, serve_lines, options.name))
    threads = [threading.Thread(target=task[0], args=task[1:]) for task in tasks]
    for thread in threads:
        thread.start()
    print("ready", flush=True)


main()
