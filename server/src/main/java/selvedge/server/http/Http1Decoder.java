package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import selvedge.model.Limit;
import selvedge.model.Limits;

/** Netty's decoder with our bounds, which refuses what smuggles requests. */
final class Http1Decoder extends HttpRequestDecoder {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Exchanges exchanges;

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

  /** A request that is known byte by byte is not decoded once more. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf in
        && in.readableBytes() <= KnownHeads.BYTES_MAX
        && actualReadableBytes() == 0
        && exchanges.isIdle()) {
      byte[] head = ByteBufUtil.getBytes(in);
      if (exchanges.answerKnown(head)) {
        in.release();
        return;
      }
      if (KnownHeads.isWhole(head)) {
        super.channelRead(context, message);
        exchanges.learn(head);
        return;
      }
    }
    exchanges.arrived();
    super.channelRead(context, message);
  }

  /** Two lengths are two opinions on where the next request starts. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
