package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.regex.Pattern;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Netty's decoder with the limits of this server. Rejects requests that a proxy may read
 * differently (request smuggling).
 */
final class Http1Decoder extends HttpRequestDecoder {
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ConnectionHandler connection;
  private final int cachedBytesMax;
  private HeadSyntax syntax = new HeadSyntax();
  private boolean inHead = true;
  private boolean inRequest;

  Http1Decoder(Limits limits, ConnectionHandler connection) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.size(Limit.REQUEST_LINE_BYTES))
            .setMaxHeaderSize(limits.size(Limit.HEADER_BYTES))
            .setMaxChunkSize(CHUNK_BYTES)
            .setHeadersFactory(
                DefaultHttpHeadersFactory.headersFactory()
                    .withValueValidator(Http1Decoder::requireText))
            .setAllowDuplicateContentLengths(false));
    this.connection = connection;
    this.cachedBytesMax = Math.min(RequestCache.BYTES_MAX, limits.size(Limit.REQUEST_LINE_BYTES));
  }

  /**
   * Requires a value without control characters. DEL is allowed: JSON may contain it, and workerd
   * sends metadata as JSON.
   */
  private static void requireText(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t') {
        throw new IllegalArgumentException("a header value must not contain control characters");
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    super.handlerAdded(context);
    connection.decoderContext(context);
  }

  /** Skips the decoding of a request, or of its header fields, whose bytes are in a cache. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf in && isBetweenRequests() && connection.isIdle()) {
      int length = in.readableBytes();
      byte[] start = ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(length, cachedBytesMax));
      if (start.length == length && connection.answerCached(start)) {
        in.release();
      } else {
        read(context, in, start);
      }
    } else {
      connection.arrived();
      super.channelRead(context, message);
    }
  }

  private void read(ChannelHandlerContext context, ByteBuf in, byte[] start) throws Exception {
    PlainHead head = PlainHead.of(start);
    if (head == null) {
      connection.arrived();
      super.channelRead(context, in);
    } else {
      int bodyBytes = in.readableBytes() - head.bodyStart();
      connection.beginLearning();
      if (!connection.beginCached(start, head, in)) {
        super.channelRead(context, in);
      }
      if (isBetweenRequests()) {
        connection.learn(start, head, bodyBytes);
      }
    }
  }

  private boolean isBetweenRequests() {
    return !inRequest && actualReadableBytes() == 0;
  }

  /**
   * Returns whether part of the next head has arrived. Only valid while no request is in flight.
   */
  boolean hasBegunHead() {
    return inRequest || actualReadableBytes() > 0;
  }

  @Override
  protected HttpMessage createMessage(String[] requestLine) throws Exception {
    inRequest = true;
    requireVersion(requestLine[2]);
    return super.createMessage(requestLine);
  }

  private static void requireVersion(String version) {
    if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
      return;
    }
    if (VERSION.matcher(version).matches()) {
      throw new UnsupportedVersionException(version);
    }
    throw new IllegalArgumentException("the request line must end with HTTP/1.1, got " + version);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    int before = out.size();
    int start = in.readerIndex();
    super.decode(context, in, out);
    if (inHead) {
      syntax.read(in, start, in.readerIndex());
    }
    if (out.size() > before && out.get(before) instanceof HttpRequest request) {
      inHead = false;
      requirePlain(request);
    }
    if (out.size() > before && out.getLast() instanceof LastHttpContent) {
      inRequest = false;
      inHead = true;
      syntax = new HeadSyntax();
    }
  }

  /** Marks a request as malformed if a proxy may read it differently. */
  private void requirePlain(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return;
    }
    if (!syntax.isValid()) {
      fail(
          request,
          "the request line must have one space between its words, and no line may be folded");
    }
    List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!encodings.isEmpty()
        && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked"))) {
      fail(request, "Transfer-Encoding must be chunked");
    }
  }

  private static void fail(HttpRequest request, String message) {
    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(message)));
  }

  /** Rejects a body with two lengths: a proxy may use the other one to find the next request. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException(
        "a request must not have both Transfer-Encoding and Content-Length");
  }
}
