package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS with one handshake per connection. A client that renegotiates costs the server a handshake
 * for a few bytes, as often as it likes.
 */
final class OneHandshake extends SslHandler {
  private static final byte HANDSHAKE = 22;

  OneHandshake(SSLEngine engine) {
    super(engine);
  }

  /**
   * Called at the beginning of a TLS record. TLS 1.2 does not encrypt the type of a record, and TLS
   * 1.3, which has no renegotiation, sends no record of this type after its handshake.
   */
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    if (handshakeFuture().isSuccess() && in.getByte(in.readerIndex()) == HANDSHAKE) {
      in.skipBytes(in.readableBytes());
      context.channel().close();
    } else {
      super.decode(context, in, out);
    }
  }
}
