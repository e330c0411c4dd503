package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS with one handshake per connection. A client could repeat handshakes with a few bytes each,
 * and a handshake is expensive for the server.
 */
final class SingleHandshakeHandler extends SslHandler {
  private static final byte HANDSHAKE = 22;

  SingleHandshakeHandler(SSLEngine engine) {
    super(engine);
  }

  /**
   * Closes the connection at a second handshake. Called at the beginning of a TLS record. TLS 1.2
   * does not encrypt the record type. TLS 1.3 has no renegotiation and sends no record of this type
   * after its handshake.
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
