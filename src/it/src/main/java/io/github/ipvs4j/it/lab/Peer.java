// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

/**
 * Who asked, as seen by the echo server that answered.
 *
 * @param answeredBy the server's name
 * @param address the asker's address
 * @param port the asker's port
 */
public record Peer(String answeredBy, String address, int port) {

    static Peer parse(String output) {
        String[] words = output.strip().split(" ", -1);
        if (words.length != 3 || words[0].equals("!")) {
            throw new AssertionError("no answer: " + output);
        }
        return new Peer(words[0], words[1], Integer.parseInt(words[2]));
    }
}
