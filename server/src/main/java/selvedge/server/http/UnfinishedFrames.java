package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.concurrent.TimeUnit;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Closes a connection of HTTP/2 whose client does not finish a header block within {@code
 * header-seconds}, or another frame within {@code body-seconds}.
 *
 * <p>The codec behind this handler waits for the whole of both, and a client that sends a byte from
 * time to time is not idle.
 */
final class UnfinishedFrames extends ChannelInboundHandlerAdapter {
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;

  private final Limits limits;
  private final byte[] head = new byte[Http2CodecUtil.FRAME_HEADER_LENGTH];

  /** The bytes of the head that have arrived. The preface counts as the payload of a frame. */
  private int headBytes = head.length;

  private int missing = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
  private boolean inBlock;
  private long since = System.nanoTime();
  private boolean scheduled;

  UnfinishedFrames(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf in) {
      follow(in);
      if (isUnfinished() && !scheduled) {
        schedule(context, limitNanos());
      }
    }
    context.fireChannelRead(message);
  }

  private void follow(ByteBuf in) {
    int at = in.readerIndex();
    while (at < in.writerIndex()) {
      if (missing > 0) {
        int count = Math.min(missing, in.writerIndex() - at);
        missing -= count;
        at += count;
      } else {
        if (headBytes == 0 && !inBlock) {
          since = System.nanoTime();
        }
        head[headBytes++] = in.getByte(at++);
        missing = headBytes == head.length ? payloadBytes() : 0;
      }
      if (missing == 0 && headBytes == head.length) {
        finishFrame();
      }
    }
  }

  private int payloadBytes() {
    return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
  }

  private void finishFrame() {
    headBytes = 0;
    byte type = head[TYPE_AT];
    if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
      inBlock = !new Http2Flags(head[FLAGS_AT]).endOfHeaders();
    }
  }

  private boolean isUnfinished() {
    return inBlock || headBytes > 0;
  }

  private long limitNanos() {
    Limit limit = inBlock ? Limit.HEADER_SECONDS : Limit.BODY_SECONDS;
    return limits.seconds(limit).toNanos();
  }

  private void schedule(ChannelHandlerContext context, long nanos) {
    scheduled = true;
    context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void check(ChannelHandlerContext context) {
    scheduled = false;
    if (!isUnfinished() || !context.channel().isActive()) {
      return;
    }
    long left = limitNanos() - (System.nanoTime() - since);
    if (left > 0) {
      schedule(context, left);
    } else {
      context.close();
    }
  }
}
