// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of who asks for the health of a Service: any request is answered, and the connection closed. Nobody
 * may take more than some time and memory for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the end of a connection; what fails closes it.
final class HealthConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HealthConnection.class);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int LONGEST_HEAD = 8192;
    private static final String HEAD_ONLY = "HEAD ";

    private final Function<InetAddress, HealthAnswer> answers;
    private final StringBuilder head = new StringBuilder();
    private boolean answered;

    /**
     * Makes the handler of a connection.
     *
     * @param answers tells the answer by the address of this node that was asked
     */
    HealthConnection(Function<InetAddress, HealthAnswer> answers) {
        this.answers = answers;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor().schedule(() -> context.close(), LONGEST.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            // What comes after the head is not of interest, and must be read lest the answer be lost in a reset.
            if (!answered && message instanceof ByteBuf bytes) {
                head.append(bytes.toString(StandardCharsets.ISO_8859_1));
                if (head.indexOf("\r\n\r\n") >= 0 || head.indexOf("\n\n") >= 0) {
                    answer(context);
                } else if (head.length() > LONGEST_HEAD) {
                    context.close();
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext context) {
        answered = true;
        SocketChannel channel = (SocketChannel) context.channel();
        byte[] bytes = answers.apply(channel.localAddress().getAddress())
                .http(Instant.now(), !head.toString().startsWith(HEAD_ONLY));
        head.setLength(0);
        context.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(written -> channel.shutdownOutput());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("a health check from {} failed", context.channel().remoteAddress(), cause);
        }
        context.close();
    }
}
