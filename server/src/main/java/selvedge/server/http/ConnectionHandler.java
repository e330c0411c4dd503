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
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
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
import selvedge.server.share.Lease;
import selvedge.server.share.Owner;

/**
 * The requests of one connection, or the one of an HTTP/2 stream, in order.
 *
 * <p>Runs on the connection's event loop. What can be answered from memory is answered here; for
 * the rest {@link Exchange} takes a thread, and what the client sends meanwhile waits.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final long PERIOD_SECONDS = 1;

  /** A body up to here goes out in one buffer with its head. */
  private static final int TOGETHER_BYTES = 16 * 1024;

  /** About what a request takes that waits for the one before it, beside its bytes. */
  private static final long WAITING_BYTES = 1024;

  /** What a connection may hold that is counted with the connection. */
  private static final long UNCOUNTED_BYTES_MAX = 4 * 1024;

  private final ServerContext shared;
  private final boolean http2;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private final ChannelFutureListener sent = _ -> outputEnds();
  private @Nullable ChannelHandlerContext own;
  private @Nullable ChannelHandlerContext wire;
  private @Nullable Exchange current;
  private @Nullable Fields firstDecoded;
  private @Nullable Request answeredNow;

  /** The request whose answer may still be on its way long after it was made. */
  private @Nullable Request large;

  private @Nullable ScheduledFuture<?> watch;
  private @Nullable Lease held;
  private List<String> peerNames = List.of();
  private @Nullable Seat seat;
  private boolean closing;
  private boolean taking;
  private boolean dirty;
  private boolean moved;
  private long movedSince;
  private long headSince;
  private int outputs;

  ConnectionHandler(ServerContext shared, boolean http2) {
    this.shared = shared;
    this.http2 = http2;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    shared.loop().add(this);
    own = context;
    peerNames = PeerNames.of(context.channel());
    movedSince = System.nanoTime();
    Channel connection = http2 ? context.channel().parent() : context.channel();
    seat = connection.attr(Seat.KEY).get();
    if (http2 && seat != null) {
      seat.requests(1);
      seat.use(movedSince);
    }
    watch =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> check(context), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** The names that the client has proved by a certificate. */
  List<String> peerNames() {
    return peerNames;
  }

  private void requests(int change) {
    if (seat != null) {
      seat.requests(change);
    }
  }

  /** Takes the exchange on; a stream of HTTP/2 counts as a request as long as it lasts. */
  private void start(Exchange exchange) {
    current = exchange;
    if (!http2) {
      requests(1);
    }
  }

  /** Where whole answers go out as bytes, on HTTP/1.1. */
  void wire(ChannelHandlerContext context) {
    wire = context;
  }

  /** Whether the next request can be answered at once. */
  boolean isIdle() {
    return current == null
        && waiting.isEmpty()
        && !closing
        && wire != null
        && wire.channel().isWritable();
  }

  /** Answers the bytes, if they are a request that is known and that memory can answer. */
  boolean answerKnown(byte[] in) {
    Request known = shared.draining() ? null : shared.knownRequests().find(in, 0, in.length);
    if (known == null || wire == null) {
      return false;
    }
    long start = System.nanoTime();
    if (!(now(known).orElse(null) instanceof LoopResult.Answered(Response response))) {
      return false;
    }
    headSince = 0;
    write(wire, known, false, response, true);
    shared.meter().answered(known, response.status(), System.nanoTime() - start);
    return true;
  }

  /** Begins the request, if its header fields are known and its body is all that follows. */
  boolean takeKnown(byte[] in, PlainHead plain, ByteBuf message) {
    Fields known = shared.knownFields().find(in, plain.fieldsStart(), plain.bodyStart());
    int bodyBytes = message.readableBytes() - plain.bodyStart();
    if (known == null || own == null || !known.announce(bodyBytes)) {
      return false;
    }
    begin(own, new Head(plain.method(), plain.target(), known), bodyBytes > 0);
    Exchange exchange = current;
    if (exchange == null) {
      message.release();
    } else {
      exchange.received(message.skipBytes(plain.bodyStart()), true);
    }
    return true;
  }

  /** What is read from here on is to be learned. */
  void beginLearning() {
    firstDecoded = null;
    answeredNow = null;
  }

  /** Remembers what has been read since, if it was one whole request that the bytes begin. */
  void learn(byte[] in, PlainHead plain, int bodyBytes) {
    Fields fields = firstDecoded;
    Request request = answeredNow;
    if (fields != null && fields.announce(bodyBytes)) {
      shared.knownFields().learn(in, plain.fieldsStart(), plain.bodyStart(), fields);
    }
    if (request != null && bodyBytes == 0 && plain.method().equals("GET")) {
      shared.knownRequests().learn(in, 0, plain.bodyStart(), request);
    }
  }

  /** Bytes have arrived, perhaps the first ones of a head. */
  void arrived() {
    if (current == null && headSince == 0) {
      headSince = System.nanoTime();
    }
  }

  /** Cuts whoever is too slow; when something has moved is known to a period. */
  private void check(ChannelHandlerContext context) {
    long now = System.nanoTime();
    Exchange exchange = current;
    if (moved) {
      moved = false;
      movedSince = now;
      if (seat != null) {
        seat.use(now);
      }
    }
    if (headSince == 0 && exchange == null && hasBegunHead()) {
      headSince = now;
    }
    if (outputs > 0 && isOver(movedSince, now, Limit.RESPONSE_SECONDS)) {
      context.close();
    } else if (exchange != null) {
      if (exchange.isStuck(now)) {
        context.close();
      } else if (exchange.isDraining() && exchange.isTooSlow(now)) {
        context.close();
      } else if (exchange.isGathering() && exchange.isTooSlow(now)) {
        exchange.stopGathering();
      }
    } else if (headSince != 0
        && waiting.isEmpty()
        && isOver(headSince, now, Limit.HEADER_SECONDS)) {
      refuse(context, 408, "the head of the request took too long");
    } else if (isOver(movedSince, now, Limit.IDLE_SECONDS)) {
      context.close();
    }
  }

  /** The beginning of a head that came together with the request before it. */
  private boolean hasBegunHead() {
    return wire != null && wire.handler() instanceof Http1Decoder decoder && decoder.hasBegunHead();
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

  /** One request at a time, and none from a client that does not take its answers. */
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
      Head whole = Head.of(head);
      firstDecoded = firstDecoded == null ? whole.fields() : firstDecoded;
      begin(context, whole, hasBody(head));
    }
  }

  private boolean hasBody(HttpRequest head) {
    if (http2) {
      return !(head instanceof LastHttpContent last) || last.content().isReadable();
    }
    return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
  }

  private void begin(ChannelHandlerContext context, Head head, boolean hasBody) {
    headSince = 0;
    answeredNow = null;
    var exchange = new Exchange(this, context, shared, head, hasBody, http2);
    Optional<LoopResult> prompt =
        hasBody || shared.draining() ? Optional.empty() : now(exchange.request());
    switch (prompt.orElse(null)) {
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
              "a request line has at most "
                  + shared.limits().get(Limit.REQUEST_LINE_BYTES)
                  + " bytes");
      case TooLongHttpHeaderException _ ->
          refuse(
              context,
              431,
              "the headers of a request have at most "
                  + shared.limits().get(Limit.HEADER_BYTES)
                  + " bytes");
      case UnsupportedVersionException _ ->
          refuse(context, 505, String.valueOf(cause.getMessage()));
      default -> refuse(context, 400, "this is not HTTP: " + cause.getMessage());
    }
  }

  /** Whoever meets a bug here meets it once more, and is answered, on a thread. */
  private Optional<LoopResult> now(Request request) {
    try {
      return shared.api().answerNow(request);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Answers what never became a request, and closes. */
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

  /** Writes a whole answer, without a flush. */
  void write(
      ChannelHandlerContext context,
      Request request,
      boolean headOnly,
      Response response,
      boolean keepAlive) {
    outputs++;
    moved = true;
    if (body(response, headOnly).size() > TOGETHER_BYTES) {
      large = request;
    }
    ChannelFuture written =
        wire == null
            ? context.write(message(response, headOnly))
            : writeBytes(wire, response, headOnly, keepAlive);
    written.addListener(sent);
    if (!keepAlive && !http2) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
    dirty = true;
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
      ChannelHandlerContext wire, Response response, boolean headOnly, boolean keepAlive) {
    Bytes body = body(response, headOnly);
    boolean together = body.size() <= TOGETHER_BYTES;
    ByteBuf out =
        wire.alloc().directBuffer(ResponseHeads.HEAD_BYTES + (together ? body.size() : 0));
    shared.heads().write(out, response, keepAlive);
    if (together) {
      out.writeBytes(body.asReadOnlyBuffer());
      return wire.write(out);
    }
    wire.write(out);
    return wire.write(Unpooled.wrappedBuffer(body.asReadOnlyBuffer()));
  }

  private void outputEnds() {
    outputs--;
    moved = true;
    if (outputs == 0) {
      large = null;
      if (held != null) {
        held.shrink(waitingBytes());
      }
    }
  }

  private long waitingBytes() {
    return waiting.size() * WAITING_BYTES;
  }

  /** Counts what a client has not taken, or has sent too early; without room, it is cut. */
  private void count(ChannelHandlerContext context) {
    long bytes = unsentBytes(context.channel()) + waitingBytes();
    if (bytes > UNCOUNTED_BYTES_MAX && !lease(context.channel()).tryHold(bytes)) {
      context.close();
    }
  }

  private static long unsentBytes(Channel channel) {
    return channel.isWritable()
        ? channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable()
        : channel.config().getWriteBufferLowWaterMark() + channel.bytesBeforeWritable();
  }

  private Lease lease(Channel channel) {
    Lease known = held;
    if (known == null) {
      Owner owner = Owner.address(Claim.address(channel));
      known = new Lease(shared.memory(), () -> owner);
      held = known;
    }
    return known;
  }

  /** Ends the request at work, and an answer on its way, if it would not be admitted any more. */
  void readmit() {
    Exchange exchange = current;
    Request sending = large;
    if (sending != null && !isAdmitted(sending)) {
      close();
    } else if (exchange != null && exchange.isAtWork() && !isAdmitted(exchange.request())) {
      exchange.revoke();
    }
  }

  private boolean isAdmitted(Request request) {
    try {
      return shared.api().isAdmitted(request);
    } catch (RuntimeException e) {
      shared.log().error("{} {} cannot be admitted", request.method(), request.path(), e);
      return false;
    }
  }

  private void close() {
    if (own != null) {
      own.close();
    }
  }

  /** The exchange has sent its answer and received its request: the next one may begin. */
  void finished(ChannelHandlerContext context, boolean keepAlive) {
    if (current != null && !http2) {
      requests(-1);
    }
    current = null;
    moved = true;
    if (!keepAlive) {
      closing = true;
      waiting.forEach(ReferenceCountUtil::release);
      waiting.clear();
      return;
    }
    goOn(context);
    if (current == null && !taking && shared.draining()) {
      context.close();
    }
  }

  /** An exchange that ends while it is taken leaves what waits to whoever has taken it. */
  private void goOn(ChannelHandlerContext context) {
    if (taking) {
      return;
    }
    taking = true;
    try {
      while (!closing && !waiting.isEmpty() && takesMore(context)) {
        take(context, waiting.remove());
      }
    } finally {
      taking = false;
    }
    if (dirty) {
      flush(context);
    }
    if (waiting.isEmpty() && takesMore(context)) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    goOn(context);
    context.fireChannelWritabilityChanged();
  }

  /** Called when the server drains: idle connections go at once, others after their answer. */
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
    if (dirty) {
      flush(context);
    }
    context.fireChannelReadComplete();
  }

  private void flush(ChannelHandlerContext context) {
    dirty = false;
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
      current.abandoned(new IOException("the client went away"));
    }
    if (held != null) {
      held.close();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    context.fireChannelInactive();
  }

  /** A reset connection is the client's affair, and the channel closes by itself. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      shared.log().debug("connection failed", cause);
    }
    context.close();
  }
}
