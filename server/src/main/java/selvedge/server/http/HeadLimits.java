package selvedge.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Applies the limits of the HTTP/1.1 decoder to a request of HTTP/2, whose decoder has only one
 * limit for the request line and the header fields together.
 */
final class HeadLimits extends ChannelInboundHandlerAdapter {
  private static final int LINE_OVERHEAD = "  HTTP/1.1".length();
  private static final int FIELD_OVERHEAD = ": \r\n".length();

  private final Limits limits;

  HeadLimits(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest head) {
      check(head);
    }
    context.fireChannelRead(message);
  }

  private void check(HttpRequest head) {
    long line = (long) head.method().name().length() + head.uri().length() + LINE_OVERHEAD;
    long fields = 0;
    for (var each = head.headers().iteratorCharSequence(); each.hasNext(); ) {
      var field = each.next();
      fields += field.getKey().length() + field.getValue().length() + FIELD_OVERHEAD;
    }
    if (line > limits.get(Limit.REQUEST_LINE_BYTES)) {
      head.setDecoderResult(DecoderResult.failure(new TooLongHttpLineException()));
    } else if (fields > limits.get(Limit.HEADER_BYTES)) {
      head.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException()));
    }
  }
}
