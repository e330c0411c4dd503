package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import selvedge.model.Limit;

/** Detects the protocol of a connection from its first bytes and builds its pipeline. */
final class PortDetector extends ByteToMessageDecoder {
  private static final byte TLS_HANDSHAKE = 22;
  private static final byte[] HTTP2_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String PLAIN_ON_TLS =
      "HTTP/1.1 400 This port speaks HTTPS\r\nConnection: close\r\nContent-Type: text/plain\r\n"
          + "Content-Length: 39\r\n\r\nThis port speaks HTTPS: use https://.\r\n";

  private final Protocols protocols;
  private final @Nullable TlsFiles tls;
  private @Nullable ScheduledFuture<?> timeout;

  PortDetector(Protocols protocols, @Nullable TlsFiles tls) {
    this.protocols = protocols;
    this.tls = tls;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    timeout =
        context
            .executor()
            .schedule(
                () -> context.close(),
                protocols.limits().get(Limit.HEADER_SECONDS),
                TimeUnit.SECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (tls == null) {
      detectPlain(context, in);
    } else if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
      ChannelPipeline pipeline = context.pipeline();
      pipeline.addLast(tls.handler(context.alloc()));
      pipeline.addLast(new AlpnHandler(protocols));
      finish(context);
    } else {
      in.skipBytes(in.readableBytes());
      context
          .writeAndFlush(Unpooled.copiedBuffer(PLAIN_ON_TLS, StandardCharsets.US_ASCII))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void detectPlain(ChannelHandlerContext context, ByteBuf in) {
    int available = Math.min(in.readableBytes(), HTTP2_PREFACE.length);
    for (int i = 0; i < available; i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP2_PREFACE[i]) {
        protocols.http1(context.pipeline());
        finish(context);
        return;
      }
    }
    if (available == HTTP2_PREFACE.length) {
      protocols.http2(context.pipeline());
      finish(context);
    }
  }

  private void finish(ChannelHandlerContext context) {
    if (timeout != null) {
      timeout.cancel(false);
    }
    context.pipeline().remove(this);
  }

  /** Builds the pipeline for the protocol that ALPN selected. */
  private static final class AlpnHandler extends ApplicationProtocolNegotiationHandler {
    private final Protocols protocols;

    AlpnHandler(Protocols protocols) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.protocols = protocols;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        protocols.http2(context.pipeline());
      } else {
        protocols.http1(context.pipeline());
      }
    }

    /** Closes the connection. A failed handshake is not logged: any client can cause it. */
    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
