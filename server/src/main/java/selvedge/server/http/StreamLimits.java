package selvedge.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import selvedge.model.Limit;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Reservation;

/**
 * Bounds one stream of HTTP/2. It applies the limits of the HTTP/1.1 decoder to the head, for which
 * the decoder of HTTP/2 has only one limit. It reserves the memory of the stream from what all
 * bodies share, and refuses a stream for which there is none: a connection has up to 256 streams,
 * so the limit of connections alone does not bound them.
 */
final class StreamLimits extends ChannelInboundHandlerAdapter {
  private static final int LINE_OVERHEAD = "  HTTP/1.1".length();
  private static final int FIELD_OVERHEAD = ": \r\n".length();

  /** The approximate memory of a stream with its handlers and a request without fields. */
  private static final long STREAM_BYTES = 8 * 1024;

  /** Fields are in memory as received, and as text. */
  private static final long COPIES = 2;

  private final ServerContext shared;
  private final Reservation memory;

  StreamLimits(ServerContext shared, Owner owner) {
    this.shared = shared;
    this.memory = new Reservation(shared.memory(), () -> owner);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest head && !isAdmitted(head)) {
      ReferenceCountUtil.release(message);
      PseudoFields.reset(context, Http2Error.REFUSED_STREAM);
      return;
    }
    context.fireChannelRead(message);
  }

  /** Returns whether there is memory for the stream, and marks a head that is too long. */
  private boolean isAdmitted(HttpRequest head) {
    long line = (long) head.method().name().length() + head.uri().length() + LINE_OVERHEAD;
    long fields = 0;
    for (var each = head.headers().iteratorCharSequence(); each.hasNext(); ) {
      var field = each.next();
      fields += field.getKey().length() + field.getValue().length() + FIELD_OVERHEAD;
    }
    if (line > shared.limits().get(Limit.REQUEST_LINE_BYTES)) {
      head.setDecoderResult(DecoderResult.failure(new TooLongHttpLineException()));
    } else if (fields > shared.limits().get(Limit.HEADER_BYTES)) {
      head.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException()));
    }
    return memory.tryHold(STREAM_BYTES + COPIES * (line + fields));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    memory.close();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    memory.close();
  }
}
