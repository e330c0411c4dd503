package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.server.api.Body;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Reservation;

/**
 * Processes the requests of one connection in order, or the one request of an HTTP/2 stream.
 *
 * <p>Runs on the event loop of the connection. Requests that memory can answer are answered here.
 * For the others {@link Exchange} starts a thread, and later messages of the client wait until it
 * has ended.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final long PERIOD_SECONDS = 1;

  /** A body of at most this size is written in one buffer with its head. */
  private static final int TOGETHER_BYTES = 16 * 1024;

  /** The approximate memory of a pipelined request that waits, in addition to its bytes. */
  private static final long WAITING_BYTES = 1024;

  /** Unsent and waiting bytes of a connection that need no memory reservation. */
  private static final long UNCOUNTED_BYTES_MAX = 4 * 1024;

  private final ServerContext shared;
  private final boolean http2;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private final ChannelFutureListener sent = _ -> outputEnds();
  private @Nullable ChannelHandlerContext handlerContext;
  private @Nullable ChannelHandlerContext decoderContext;
  private @Nullable Exchange current;
  private @Nullable HeaderFields firstDecoded;
  private @Nullable Request answeredNow;

  /** The request of a large response that has been written and may not have been sent yet. */
  private @Nullable Request requestOfLargeResponse;

  private @Nullable ScheduledFuture<?> watch;
  private @Nullable Reservation held;
  private List<String> peerNames = List.of();
  private @Nullable SocketAddress remoteAddress;
  private @Nullable ConnectionActivity activity;
  private boolean closing;
  private boolean isTaking;
  private boolean unflushed;
  private boolean progressed;
  private long lastProgress;
  private long headSince;
  private int outputs;

  ConnectionHandler(ServerContext shared, boolean http2) {
    this.shared = shared;
    this.http2 = http2;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    shared.loop().add(this);
    handlerContext = context;
    peerNames = PeerNames.of(context.channel());
    lastProgress = System.nanoTime();
    Channel connection = http2 ? context.channel().parent() : context.channel();
    remoteAddress = connection.remoteAddress();
    activity = connection.attr(ConnectionActivity.KEY).get();
    if (http2 && activity != null) {
      activity.requests(1);
      activity.use(lastProgress);
    }
    watch =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> check(context), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** Returns the names in the verified certificate of the client. */
  List<String> peerNames() {
    return peerNames;
  }

  /** Returns the address and the port of the client; empty if the transport has none. */
  String clientAddress() {
    return remoteAddress instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress() + ":" + address.getPort()
        : "";
  }

  private void requests(int change) {
    if (activity != null) {
      activity.requests(change);
    }
  }

  /**
   * Makes the exchange the current one. An HTTP/2 stream counts as a request until it is removed.
   */
  private void start(Exchange exchange) {
    current = exchange;
    if (!http2) {
      requests(1);
    }
  }

  /** Sets the context that complete responses are written to as bytes. Only on HTTP/1.1. */
  void decoderContext(ChannelHandlerContext context) {
    decoderContext = context;
  }

  /** Returns whether the next request may be answered before it is decoded. */
  boolean isIdle() {
    return current == null
        && waiting.isEmpty()
        && !closing
        && decoderContext != null
        && decoderContext.channel().isWritable();
  }

  /** Answers the request if its bytes are in the request cache and memory can answer it. */
  boolean answerCached(byte[] in) {
    Request cached =
        shared.draining() || !sharesRequests()
            ? null
            : shared.requestCache().find(in, 0, in.length);
    if (cached == null || decoderContext == null) {
      return false;
    }
    long start = System.nanoTime();
    if (!(answerOnLoop(cached).orElse(null) instanceof LoopResult.Answered(Response response))) {
      return false;
    }
    headSince = 0;
    write(decoderContext, cached, false, response, true);
    long nanos = System.nanoTime() - start;
    shared.meter().answered(cached, response.status(), nanos, 0, response.heldBytes());
    return true;
  }

  /**
   * Returns whether requests of this connection may be answered like those of others. Where a
   * certificate counts, only connections with one share them.
   */
  private boolean sharesRequests() {
    return !shared.comparesConnections() || !peerNames.isEmpty();
  }

  /**
   * Starts the request if its header fields are in the cache and the message holds its whole body.
   */
  boolean beginCached(byte[] in, PlainHead plain, ByteBuf message) {
    HeaderFields cached = shared.fieldsCache().find(in, plain.fieldsStart(), plain.bodyStart());
    int bodyBytes = message.readableBytes() - plain.bodyStart();
    if (cached == null || handlerContext == null || !cached.announce(bodyBytes)) {
      return false;
    }
    begin(handlerContext, new RequestHead(plain.method(), plain.target(), cached), bodyBytes > 0);
    Exchange exchange = current;
    if (exchange == null) {
      message.release();
    } else {
      exchange.received(message.skipBytes(plain.bodyStart()), true);
    }
    return true;
  }

  /**
   * Clears the last decoded request, so that {@link #learn} stores only one that is decoded later.
   */
  void beginLearning() {
    firstDecoded = null;
    answeredNow = null;
  }

  /**
   * Adds the request that was decoded since {@link #beginLearning} to the caches, if it was
   * complete.
   */
  void learn(byte[] in, PlainHead plain, int bodyBytes) {
    HeaderFields fields = firstDecoded;
    Request request = answeredNow;
    if (fields != null && fields.announce(bodyBytes)) {
      shared.fieldsCache().learn(in, plain.fieldsStart(), plain.bodyStart(), fields);
    }
    if (request != null && bodyBytes == 0 && plain.method().equals("GET") && sharesRequests()) {
      shared.requestCache().learn(in, 0, plain.bodyStart(), request);
    }
  }

  /** Starts the timeout of the head when its first bytes arrive. */
  void arrived() {
    if (current == null && headSince == 0) {
      headSince = System.nanoTime();
    }
  }

  /**
   * Closes a connection that is too slow. Runs once per period, which is also the precision of
   * {@code lastProgress}.
   */
  private void check(ChannelHandlerContext context) {
    long now = System.nanoTime();
    Exchange exchange = current;
    if (progressed) {
      progressed = false;
      lastProgress = now;
      if (activity != null) {
        activity.use(now);
      }
    }
    if (headSince == 0 && exchange == null && hasBegunHead()) {
      headSince = now;
    }
    if (outputs > 0 && isOver(lastProgress, now, Limit.RESPONSE_SECONDS)) {
      context.close();
    } else if (exchange != null) {
      if (exchange.isStalled(now)) {
        context.close();
      } else if (exchange.isDraining() && exchange.isTooSlow(now)) {
        context.close();
      } else if (exchange.isGathering() && exchange.isTooSlow(now)) {
        exchange.stopGathering();
      }
    } else if (headSince != 0
        && waiting.isEmpty()
        && isOver(headSince, now, Limit.HEADER_SECONDS)) {
      refuse(
          context,
          408,
          "the head of the request did not arrive within "
              + shared.limits().get(Limit.HEADER_SECONDS)
              + " s");
    } else if (isOver(lastProgress, now, Limit.IDLE_SECONDS)) {
      context.close();
    }
  }

  /** Returns whether the beginning of the next head arrived together with the previous request. */
  private boolean hasBegunHead() {
    return decoderContext != null
        && decoderContext.handler() instanceof Http1Decoder decoder
        && decoder.hasBegunHead();
  }

  private boolean isOver(long since, long now, Limit limit) {
    return now - since > shared.limits().seconds(limit).toNanos();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
    } else if (takesMore(context)) {
      take(context, message);
    } else {
      waiting.add(message);
      context.channel().config().setAutoRead(false);
    }
  }

  /**
   * Returns whether to process the next message: one request at a time, and none while the client
   * does not read its responses.
   */
  private boolean takesMore(ChannelHandlerContext context) {
    return current == null ? context.channel().isWritable() : !current.isReceived();
  }

  private void take(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    if (message instanceof HttpContent content) {
      Exchange exchange = current;
      if (exchange == null) {
        content.release();
      } else {
        exchange.received(content);
      }
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      refuseBadHead(context, head.decoderResult().cause());
      return;
    }
    Optional<String> fault = HostField.fault(head, http2);
    if (fault.isPresent()) {
      refuse(context, 400, fault.get());
    } else {
      RequestHead decoded = RequestHead.of(head);
      firstDecoded = firstDecoded == null ? decoded.fields() : firstDecoded;
      begin(context, decoded, hasBody(head));
    }
  }

  private boolean hasBody(HttpRequest head) {
    if (http2) {
      return !(head instanceof LastHttpContent last) || last.content().isReadable();
    }
    return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
  }

  private void begin(ChannelHandlerContext context, RequestHead head, boolean hasBody) {
    headSince = 0;
    answeredNow = null;
    var exchange = new Exchange(this, context, shared, head, hasBody, http2);
    Optional<LoopResult> result =
        hasBody || shared.draining() ? Optional.empty() : answerOnLoop(exchange.request());
    switch (result.orElse(null)) {
      case LoopResult.Answered(Response response) ->
          answeredNow = exchange.answerFromLoop(response) ? exchange.request() : null;
      case LoopResult.Reading reading -> {
        start(exchange);
        exchange.begin(reading);
      }
      case null -> {
        start(exchange);
        exchange.begin();
      }
    }
  }

  private void refuseBadHead(ChannelHandlerContext context, Throwable cause) {
    switch (cause) {
      case TooLongHttpLineException _ ->
          refuse(
              context,
              414,
              "the request line must have at most "
                  + shared.limits().get(Limit.REQUEST_LINE_BYTES)
                  + " bytes");
      case TooLongHttpHeaderException _ ->
          refuse(
              context,
              431,
              "the header fields must have at most "
                  + shared.limits().get(Limit.HEADER_BYTES)
                  + " bytes together");
      case UnsupportedVersionException _ ->
          refuse(context, 505, String.valueOf(cause.getMessage()));
      default -> refuse(context, 400, "malformed HTTP request: " + cause.getMessage());
    }
  }

  /**
   * Tries to answer on the event loop. After an exception the request runs on a thread, where the
   * exception is logged and answered.
   */
  private Optional<LoopResult> answerOnLoop(Request request) {
    try {
      return shared.api().answerNow(request);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Answers input that is not a valid request, and closes the connection. */
  private void refuse(ChannelHandlerContext context, int status, String message) {
    closing = true;
    headSince = 0;
    Response response = shared.api().refusal(status, message);
    Body.Held body = response.body() instanceof Body.Held held ? held : new Body.Held(Bytes.EMPTY);
    context.write(shared.heads().head(response, false, false));
    context
        .writeAndFlush(
            new DefaultLastHttpContent(Unpooled.wrappedBuffer(body.bytes().asReadOnlyBuffer())))
        .addListener(ChannelFutureListener.CLOSE);
  }

  void sendContinue(ChannelHandlerContext context) {
    context.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
  }

  /** Writes a complete response without flushing it. */
  void write(
      ChannelHandlerContext context,
      Request request,
      boolean headOnly,
      Response response,
      boolean keepAlive) {
    outputs++;
    progressed = true;
    if (body(response, headOnly).size() > TOGETHER_BYTES) {
      requestOfLargeResponse = request;
    }
    ChannelFuture written =
        decoderContext == null
            ? context.write(message(response, headOnly))
            : writeBytes(decoderContext, response, headOnly, keepAlive);
    written.addListener(sent);
    if (!keepAlive && !http2) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    unflushed = true;
  }

  private static Bytes body(Response response, boolean headOnly) {
    return response.body() instanceof Body.Held held && !headOnly ? held.bytes() : Bytes.EMPTY;
  }

  private DefaultFullHttpResponse message(Response response, boolean headOnly) {
    HttpResponse head = shared.heads().head(response, true, false);
    return new DefaultFullHttpResponse(
        head.protocolVersion(),
        head.status(),
        Unpooled.wrappedBuffer(body(response, headOnly).asReadOnlyBuffer()),
        head.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  private ChannelFuture writeBytes(
      ChannelHandlerContext decoderContext,
      Response response,
      boolean headOnly,
      boolean keepAlive) {
    Bytes body = body(response, headOnly);
    boolean together = body.size() <= TOGETHER_BYTES;
    ByteBuf out =
        decoderContext
            .alloc()
            .directBuffer(ResponseHeads.HEAD_BYTES + (together ? body.size() : 0));
    shared.heads().write(out, response, keepAlive);
    if (together) {
      out.writeBytes(body.asReadOnlyBuffer());
      return decoderContext.write(out);
    }
    decoderContext.write(out);
    return decoderContext.write(Unpooled.wrappedBuffer(body.asReadOnlyBuffer()));
  }

  private void outputEnds() {
    outputs--;
    progressed = true;
    if (outputs == 0) {
      requestOfLargeResponse = null;
      if (held != null) {
        held.shrink(waitingBytes());
      }
    }
  }

  private long waitingBytes() {
    return waiting.size() * WAITING_BYTES;
  }

  /**
   * Leases memory for unsent responses and waiting requests, or closes the connection if there is
   * none.
   */
  private void count(ChannelHandlerContext context) {
    long bytes = unsentBytes(context.channel()) + waitingBytes();
    if (bytes > UNCOUNTED_BYTES_MAX && !reservation(context.channel()).tryHold(bytes)) {
      context.close();
    }
  }

  private static long unsentBytes(Channel channel) {
    return channel.isWritable()
        ? channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable()
        : channel.config().getWriteBufferLowWaterMark() + channel.bytesBeforeWritable();
  }

  private Reservation reservation(Channel channel) {
    Reservation reservation = held;
    if (reservation == null) {
      Owner owner = Owner.address(Claim.address(channel));
      reservation = new Reservation(shared.memory(), () -> owner);
      held = reservation;
    }
    return reservation;
  }

  /**
   * Ends the current request, and the sending of a large response, if its token is no longer valid.
   */
  void readmit() {
    Exchange exchange = current;
    Request sending = requestOfLargeResponse;
    if (sending != null && !isAdmitted(sending)) {
      close();
    } else if (exchange != null && exchange.isInFlight() && !isAdmitted(exchange.request())) {
      exchange.revoke();
    }
  }

  private boolean isAdmitted(Request request) {
    try {
      return shared.api().isAdmitted(request);
    } catch (RuntimeException e) {
      shared
          .log()
          .error(
              "the token of {} {} could not be checked again", request.method(), request.path(), e);
      return false;
    }
  }

  private void close() {
    if (handlerContext != null) {
      handlerContext.close();
    }
  }

  /**
   * Starts the next request after an exchange has sent its response and received its whole body.
   */
  void finished(ChannelHandlerContext context, boolean keepAlive) {
    if (current != null && !http2) {
      requests(-1);
    }
    current = null;
    progressed = true;
    if (!keepAlive) {
      closing = true;
      waiting.forEach(ReferenceCountUtil::release);
      waiting.clear();
      return;
    }
    processWaiting(context);
    if (current == null && !isTaking && shared.draining()) {
      context.close();
    }
  }

  /**
   * Processes waiting messages. An exchange that ends inside {@code take} returns here, and the
   * outer loop continues: no recursion.
   */
  private void processWaiting(ChannelHandlerContext context) {
    if (isTaking) {
      return;
    }
    isTaking = true;
    try {
      while (!closing && !waiting.isEmpty() && takesMore(context)) {
        take(context, waiting.remove());
      }
    } finally {
      isTaking = false;
    }
    if (unflushed) {
      flush(context);
    }
    if (waiting.isEmpty() && takesMore(context)) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    processWaiting(context);
    context.fireChannelWritabilityChanged();
  }

  /** Closes an idle connection when the server drains. Others are closed after their response. */
  void drain(ChannelHandlerContext context) {
    if (current == null) {
      context.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.pause();
    }
    if (!waiting.isEmpty()) {
      count(context);
    }
    if (unflushed) {
      flush(context);
    }
    context.fireChannelReadComplete();
  }

  private void flush(ChannelHandlerContext context) {
    unflushed = false;
    context.flush();
    if (outputs > 0) {
      count(context);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    shared.loop().remove(this);
    if (http2) {
      requests(-1);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (watch != null) {
      watch.cancel(false);
    }
    if (current != null) {
      current.abandon(new IOException("the client closed the connection"));
    }
    if (held != null) {
      held.close();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    context.fireChannelInactive();
  }

  /**
   * Closes the connection, or resets the stream with its error. An I/O exception, such as a reset
   * by the client, is not logged.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Http2Exception ofStream = http2 ? Http2CodecUtil.getEmbeddedHttp2Exception(cause) : null;
    if (ofStream != null) {
      PseudoFields.reset(context, ofStream.error());
      return;
    }
    if (!(cause instanceof IOException)) {
      shared.log().debug("connection failed", cause);
    }
    context.close();
  }
}
