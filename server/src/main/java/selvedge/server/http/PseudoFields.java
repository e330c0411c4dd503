package selvedge.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import org.jspecify.annotations.Nullable;

/**
 * Resets a stream of HTTP/2 whose request lacks method, scheme or path, as RFC 9113 requires. The
 * codec behind it would default or ignore some of them.
 */
final class PseudoFields extends ChannelInboundHandlerAdapter {
  private boolean started;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!started && message instanceof Http2HeadersFrame head) {
      started = true;
      if (!isComplete(head.headers())) {
        reset(context, Http2Error.PROTOCOL_ERROR);
        return;
      }
    }
    context.fireChannelRead(message);
  }

  private static boolean isComplete(Http2Headers fields) {
    return isPresent(fields.method()) && isPresent(fields.scheme()) && isPresent(fields.path());
  }

  private static boolean isPresent(@Nullable CharSequence field) {
    return field != null && !field.isEmpty();
  }

  /** Ends the stream with an error. */
  static void reset(ChannelHandlerContext context, Http2Error error) {
    context
        .writeAndFlush(new DefaultHttp2ResetFrame(error))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
