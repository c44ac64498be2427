// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A network namespace to run commands in: the lab's own, in which this Java program runs too, or a named one. */
public interface Place {

    /** The namespace of this program. */
    Place HERE = List::of;

    /**
     * The words that put a command into this place.
     *
     * @return none for the place where this program runs
     */
    List<String> prefix();

    /**
     * Runs a command to its end.
     *
     * @param words the command and its arguments
     * @return its standard output
     * @throws CommandFailedException if its exit status is not 0
     */
    default String run(String... words) {
        return attempt(words).orThrow();
    }

    /**
     * Runs a command to its end, which may be a bad one.
     *
     * @param words the command and its arguments
     * @return how it ended
     */
    default CommandResult attempt(String... words) {
        return Commands.run(command(words), "");
    }

    /**
     * Runs a command to its end with a given standard input.
     *
     * @param input what it reads
     * @param words the command and its arguments
     * @return its standard output
     * @throws CommandFailedException if its exit status is not 0
     */
    default String feed(String input, String... words) {
        return Commands.run(command(words), input).orThrow();
    }

    /**
     * Starts a command and goes on.
     *
     * @param words the command and its arguments
     * @return the running command, to be closed
     */
    default BackgroundCommand start(String... words) {
        return BackgroundCommand.start(command(words));
    }

    /**
     * Adds or changes devices, addresses and routes here, with one start of a program.
     *
     * @param lines commands of {@code ip}, without that word
     * @throws CommandFailedException if one of them fails; those before it have been done
     */
    default void configure(String lines) {
        feed(lines, "ip", "-batch", "-");
    }

    /**
     * Fetches a web page from here with curl.
     *
     * @param url its address
     * @return its text
     * @throws CommandFailedException if there was no answer within five seconds, or one that is an error
     */
    default String curl(String url) {
        return run("curl", "--silent", "--show-error", "--fail", "--max-time", "5", "--noproxy", "*", url);
    }

    /**
     * Asks an echo server from here some times, with a new connection each time.
     *
     * @param protocol how
     * @param address the server's or a Service's address
     * @param port its port
     * @param count how many times
     * @return the answers in their order; those that did not come are among them, as failures
     */
    default Answers ask(Protocol protocol, String address, int port, int count) {
        return Answers.parse(attempt(Requests.words(protocol, address, port, "--count", Integer.toString(count)))
                .output());
    }

    /**
     * Asks an echo server from here once, and for the address from which the question reached it.
     *
     * @param protocol how
     * @param address the server's or a Service's address
     * @param port its port
     * @return the address and the port that the server saw
     * @throws AssertionError if there was no answer
     */
    default Peer askForPeer(Protocol protocol, String address, int port) {
        return Peer.parse(
                attempt(Requests.words(protocol, address, port, "--peer")).output());
    }

    /**
     * Begins to ask an echo server from here again and again, with a new connection each time, until told to stop.
     *
     * @param protocol how
     * @param address the server's or a Service's address
     * @param port its port
     * @return what goes on asking, to be stopped
     */
    default Requests keepAsking(Protocol protocol, String address, int port) {
        return Requests.start(this, Requests.words(protocol, address, port, "--until-end"));
    }

    /**
     * Begins to ask an echo server from here again and again over one connection until told to stop.
     *
     * @param protocol how; HTTP connections serve one request only
     * @param address the server's or a Service's address
     * @param port its port
     * @param pause the time between two requests
     * @return what goes on asking, to be stopped
     */
    default Requests keepAskingOverOneConnection(Protocol protocol, String address, int port, Duration pause) {
        String seconds = Double.toString(pause.toMillis() / 1000.0);
        return Requests.start(
                this, Requests.words(protocol, address, port, "--until-end", "--keep", "--interval", seconds));
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(prefix());
        command.addAll(List.of(words));
        return command;
    }
}
