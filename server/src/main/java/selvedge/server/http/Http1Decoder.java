package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import selvedge.model.Limit;
import selvedge.model.Limits;

/** Netty's decoder with our bounds, which refuses what smuggles requests. */
final class Http1Decoder extends HttpRequestDecoder {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Exchanges exchanges;
  private final int knownBytesMax;
  private boolean inRequest;

  Http1Decoder(Limits limits, Exchanges exchanges) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.size(Limit.REQUEST_LINE_BYTES))
            .setMaxHeaderSize(limits.size(Limit.HEADER_BYTES))
            .setMaxChunkSize(CHUNK_BYTES)
            .setHeadersFactory(
                DefaultHttpHeadersFactory.headersFactory()
                    .withValueValidator(Http1Decoder::requireText))
            .setAllowDuplicateContentLengths(false));
    this.exchanges = exchanges;
    this.knownBytesMax = Math.min(Known.BYTES_MAX, limits.size(Limit.REQUEST_LINE_BYTES));
  }

  /** DEL may stand in JSON, and workerd sends metadata as JSON. */
  private static void requireText(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t') {
        throw new IllegalArgumentException("a control character in a header");
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    super.handlerAdded(context);
    exchanges.wire(context);
  }

  /** What is known byte by byte is not decoded once more: a request, or its header fields. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf in && isBetweenRequests() && exchanges.isIdle()) {
      int length = in.readableBytes();
      byte[] start = ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(length, knownBytesMax));
      if (start.length == length && exchanges.answerKnown(start)) {
        in.release();
      } else {
        read(context, in, start);
      }
    } else {
      exchanges.arrived();
      super.channelRead(context, message);
    }
  }

  private void read(ChannelHandlerContext context, ByteBuf in, byte[] start) throws Exception {
    PlainHead head = PlainHead.of(start);
    if (head == null) {
      exchanges.arrived();
      super.channelRead(context, in);
    } else {
      int bodyBytes = in.readableBytes() - head.bodyStart();
      exchanges.beginLearning();
      if (!exchanges.takeKnown(start, head, in)) {
        super.channelRead(context, in);
      }
      if (isBetweenRequests()) {
        exchanges.learn(start, head, bodyBytes);
      }
    }
  }

  private boolean isBetweenRequests() {
    return !inRequest && actualReadableBytes() == 0;
  }

  @Override
  protected HttpMessage createMessage(String[] requestLine) throws Exception {
    inRequest = true;
    return super.createMessage(requestLine);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    int before = out.size();
    super.decode(context, in, out);
    if (out.size() > before && out.getLast() instanceof LastHttpContent) {
      inRequest = false;
    }
  }

  /** Two lengths are two opinions on where the next request starts. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
