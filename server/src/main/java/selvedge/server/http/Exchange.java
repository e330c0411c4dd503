package selvedge.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Routes;

/**
 * One request and its response.
 *
 * <p>The fields belong to the event loop. The request thread uses the request and passes the
 * response back to the loop.
 */
final class Exchange {
  private static final String REVOKED = "the token was revoked or has expired";
  private static final long DRAIN_BYTES_SPARE = 1 << 20;

  /** A body of at most this size is received completely before a thread starts. */
  private static final long GATHERED_BYTES_MAX = InboundBody.HELD_BYTES_MAX / 2;

  /**
   * Bodies of at most this size need no memory reservation: the limit of requests in flight bounds
   * them.
   */
  private static final long UNCOUNTED_BYTES_MAX = 4 * 1024;

  /** A gathered body is in memory twice: as received, and as the value made of it. */
  private static final long COPIES = 2;

  /** The memory of a body that is read piece by piece: the received pieces, and two chunks. */
  private static final long INBOUND_BYTES = 768 * 1024;

  /** The memory of a response that is sent piece by piece: a chunk, and two pieces. */
  private static final long OUTBOUND_BYTES = 768 * 1024;

  private final ConnectionHandler connection;
  private final ChannelHandlerContext context;
  private final ServerContext shared;
  private final RequestHead head;
  private final boolean http2;
  private final InboundBody body;
  private final Request request;
  private final boolean expectsContinue;
  private final long start = System.nanoTime();
  private boolean keepAlive;
  private boolean received;
  private boolean gathering;
  private boolean counted;
  private boolean hasUncountedPlace;
  private boolean answered;
  private long lastPiece = start;
  private long receivedBytes;
  private long drained;
  private volatile @Nullable OutboundBody outbound;
  private @Nullable Claim claim;
  private volatile boolean revoked;

  /** Belongs to the request thread. */
  private boolean placeReleased;

  Exchange(
      ConnectionHandler connection,
      ChannelHandlerContext context,
      ServerContext shared,
      RequestHead head,
      boolean hasBody,
      boolean http2) {
    this.connection = connection;
    this.context = context;
    this.shared = shared;
    this.head = head;
    this.http2 = http2;
    this.keepAlive = http2 || head.fields().keepAlive();
    this.expectsContinue = !http2 && hasBody && head.fields().expectsContinue();
    this.body =
        new InboundBody(
            shared.limits().seconds(Limit.BODY_SECONDS),
            shared.bodyRate(),
            () -> context.executor().execute(this::resumeReading));
    this.request = new DecodedRequest(head, body, hasBody, shared.loop(), this);
  }

  /** Returns the names in the verified certificate of the client. */
  List<String> peerNames() {
    return connection.peerNames();
  }

  String clientAddress() {
    return connection.clientAddress();
  }

  /** Returns the memory and place of the request; created at the first call. */
  Claim claim() {
    Claim current = claim;
    if (current == null) {
      current = new Claim(shared, request, context.channel());
      claim = current;
    }
    return current;
  }

  Request request() {
    return request;
  }

  boolean isReceived() {
    return received;
  }

  boolean isDraining() {
    return answered && !received;
  }

  /** Returns whether the client has stopped reading a streamed response. */
  boolean isStalled(long now) {
    OutboundBody out = outbound;
    return out != null && out.isStalled(now);
  }

  /** Returns whether the body has made no progress for too long, or is below the minimum rate. */
  boolean isTooSlow(long now) {
    long timeout = shared.limits().seconds(Limit.BODY_SECONDS).toNanos();
    return now - lastPiece > timeout
        || (now - start > timeout && shared.bodyRate().isTooSlow(receivedBytes, now - start));
  }

  /** Returns whether the response is not complete yet. */
  boolean isInFlight() {
    return !answered;
  }

  /**
   * Ends the exchange because its token is no longer valid: with a 401, or by closing the
   * connection if the response has begun.
   */
  void revoke() {
    revoked = true;
    IOException reason = new IOException(REVOKED);
    if (gathering) {
      stopGathering(reason);
    } else {
      body.fail(reason);
    }
    if (outbound != null) {
      context.close();
    }
  }

  /** Writes the response and returns whether the connection stays open. */
  boolean answerFromLoop(Response response) {
    keepAlive &= !shared.draining();
    connection.write(context, request, head.forbidsResponseBody(), response, keepAlive);
    measure(response);
    return keepAlive;
  }

  /** Runs the remaining read on a virtual thread that serves several requests. */
  void begin(LoopResult.Reading reading) {
    body.end();
    if (takePlace()) {
      shared.loop().shortReads().add(() -> run(reading), context.executor());
    }
  }

  /** Starts the request, or first gathers a small body. */
  void begin() {
    long length = request.contentLength().orElse(Long.MAX_VALUE);
    gathering = length > 0 && length <= GATHERED_BYTES_MAX && !expectsContinue;
    if (length == 0) {
      body.end();
    }
    if (!gathering) {
      start(length == 0);
    }
  }

  boolean isGathering() {
    return gathering;
  }

  /**
   * Leases memory for the body that is being gathered, because no more of it is in the socket. A
   * request that is not admitted is answered without waiting for its body.
   */
  void pause() {
    if (!gathering || counted) {
      return;
    }
    counted = true;
    if (!claim().isAdmitted()) {
      finishGathering(false);
    } else if (!claim().tryHold(COPIES * request.contentLength().orElse(GATHERED_BYTES_MAX))) {
      gathering = false;
      refuse("no memory for the body; try again later");
    }
  }

  /** Starts the request without the rest of a body that arrives too slowly. */
  void stopGathering() {
    stopGathering(body.tooSlow());
  }

  /** Starts the request; reading the rest of its body fails with the reason. */
  private void stopGathering(IOException reason) {
    body.fail(reason);
    finishGathering(false);
  }

  private void finishGathering(boolean isWhole) {
    if (gathering) {
      gathering = false;
      start(isWhole);
    }
  }

  private void start(boolean isWhole) {
    if (isWhole && !counted && !leaseWholeBody()) {
      refuse("no memory for the body; try again later");
    } else if (takePlace() && !(isWhole && submit())) {
      Thread.ofVirtual().name("request").start(isWhole ? this::run : this::runWithBody);
    }
  }

  /** Leases memory for a body that arrived together with its head, unless it is small. */
  private boolean leaseWholeBody() {
    long length = request.contentLength().orElse(GATHERED_BYTES_MAX);
    return length <= UNCOUNTED_BYTES_MAX || claim().tryHold(COPIES * length);
  }

  private void refuse(String reason) {
    body.close();
    release();
    sendResponse(shared.api().refusal(503, reason).header(HeaderNames.RETRY_AFTER, "1"));
  }

  private boolean takePlace() {
    hasUncountedPlace = shared.takePlace();
    boolean entered = hasUncountedPlace || claim().takePlace();
    if (!entered) {
      refuse("too many requests in flight; try again later");
    }
    return entered;
  }

  /** Submits the request without a thread, if the API supports that; returns whether it did. */
  private boolean submit() {
    try {
      return shared.api().answerSoon(request, this::answerLater);
    } catch (RuntimeException e) {
      answerLater(
          () -> {
            throw e;
          });
      return true;
    }
  }

  private void answerLater(Supplier<Response> computation) {
    context.executor().execute(() -> answerNow(computation));
  }

  private void answerNow(Supplier<Response> computation) {
    Response response = compute(computation);
    body.close();
    releasePlace();
    sendResponse(response);
    measure(response);
  }

  private void measure(Response response) {
    OutboundBody streamed = outbound;
    long held = head.forbidsResponseBody() ? 0 : response.heldBytes();
    long out = streamed == null ? held : streamed.written();
    long nanos = System.nanoTime() - start;
    shared.meter().answered(request, response.status(), nanos, receivedBytes, out);
  }

  /**
   * Resumes reading when the body is read, and first sends the 100 that the client may wait for.
   */
  private void resumeReading() {
    if (expectsContinue && !answered && lastPiece == start && !received) {
      connection.sendContinue(context);
    }
    context.channel().config().setAutoRead(true);
  }

  void received(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      keepAlive = false;
      received = true;
      boolean isLate = answered;
      stopGathering(
          new MalformedBodyException(
              "malformed HTTP body: " + content.decoderResult().cause().getMessage()));
      if (isLate) {
        connection.finished(context, false);
      }
    } else {
      received(content.content(), content instanceof LastHttpContent);
    }
  }

  /**
   * Takes ownership of a piece of the body. If the response is already sent, the last piece ends
   * the exchange.
   */
  void received(ByteBuf piece, boolean isLast) {
    lastPiece = System.nanoTime();
    receivedBytes += piece.readableBytes();
    boolean isLate = answered;
    drained += isLate ? piece.readableBytes() : 0;
    if (!body.offer(piece)) {
      context.channel().config().setAutoRead(false);
    }
    if (isLast) {
      received = true;
      body.end();
      finishGathering(true);
    }
    if (drained > shared.limits().get(Limit.VALUE_BYTES) + DRAIN_BYTES_SPARE) {
      context.close();
    } else if (isLate && received) {
      connection.finished(context, keepAlive);
    }
  }

  /** Computes the response while the body is still arriving. Runs on a request thread. */
  private void runWithBody() {
    finish(
        compute(
            () -> {
              if (claim().isAdmitted()) {
                long length = request.contentLength().orElse(INBOUND_BYTES);
                claim().hold(Math.min(INBOUND_BYTES, COPIES * length));
              }
              return shared.api().answer(request);
            }));
  }

  /** Computes the response. Runs on a request thread, which may block. */
  private void run() {
    finish(compute(() -> shared.api().answer(request)));
  }

  /**
   * Computes the response on a thread that several requests share. A response that is sent piece by
   * piece gets a new thread.
   */
  private void run(LoopResult.Reading reading) {
    Response response = compute(reading.rest());
    if (response.body() instanceof Body.Held) {
      finish(response);
    } else {
      Thread.ofVirtual().name("request").start(() -> finish(response));
    }
  }

  private void finish(Response computed) {
    Response response = checkRevocation(computed);
    try {
      send(response);
    } catch (IOException e) {
      shared.log().debug("a response was not sent completely: {}", e.getMessage());
      context.close();
    } catch (RuntimeException | Error e) {
      shared.log().error("a response failed while it was sent", e);
      context.close();
    } finally {
      body.close();
      releasePlace();
      release();
      measure(response);
    }
  }

  /**
   * Releases the place before the client receives the last byte, so that its next request finds it
   * free.
   */
  private void releasePlace() {
    if (!placeReleased) {
      placeReleased = true;
      if (hasUncountedPlace) {
        shared.releasePlace();
      } else {
        claim().releasePlace();
      }
      release();
    }
  }

  private void release() {
    Claim current = claim;
    if (current != null) {
      current.release();
    }
  }

  private Response compute(Supplier<Response> computation) {
    try {
      return computation.get();
    } catch (OverloadedException e) {
      return shared
          .api()
          .refusal(503, String.valueOf(e.getMessage()))
          .header(HeaderNames.RETRY_AFTER, "1");
    } catch (LimitExceededException e) {
      return shared.api().refusal(413, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      shared.log().error("{} {} failed", request.method(), request.path(), e);
      return shared.api().refusal(500, "internal error; the log of the server has the stack trace");
    }
  }

  private void send(Response response) throws IOException {
    boolean headOnly = head.forbidsResponseBody();
    switch (response.body()) {
      case Body.Streamed streamed when !headOnly -> streamHeld(response, out -> out.send(streamed));
      case Body.Written written when !headOnly ->
          streamHeld(response, out -> written.output().writeTo(out));
      case Body.Live live when !headOnly -> {
        releasePlace();
        stream(response, claim().pieces(), out -> live.output().writeTo(out));
      }
      case Body _ -> {
        body.close();
        releasePlace();
        context.executor().execute(() -> sendResponse(checkRevocation(response)));
      }
    }
  }

  /**
   * Returns a 401 after a revocation, except for a change that was made before: the client must get
   * its outcome.
   */
  private Response checkRevocation(Response response) {
    boolean reveals = response.status() >= 400 || Routes.of(request).route().isRead();
    return revoked && reveals && !isRefusedWithoutToken(response)
        ? shared.api().refusal(request, 401, REVOKED)
        : response;
  }

  /** Returns whether the request was never admitted, so that no token of it can have ended. */
  private boolean isRefusedWithoutToken(Response response) {
    boolean refused = response.status() == 400 || response.status() == 401;
    return refused && !request.provenance().mayHaveToken();
  }

  private interface BodyWriter {
    void write(OutboundBody out) throws IOException;
  }

  /** Streams the response, or answers 503 if there is no memory for it. */
  private void streamHeld(Response response, BodyWriter writer) throws IOException {
    try {
      claim().hold(OUTBOUND_BYTES);
    } catch (SelvedgeException e) {
      if (response.body() instanceof Body.Written written) {
        written.output().discard();
      }
      send(
          shared
              .api()
              .refusal(503, String.valueOf(e.getMessage()))
              .header(HeaderNames.RETRY_AFTER, "1"));
      return;
    }
    stream(response, OutboundBody.Pieces.LEASED_WITH_REQUEST, writer);
  }

  private void stream(Response response, OutboundBody.Pieces pieces, BodyWriter writer)
      throws IOException {
    boolean chunked = head.fields().acceptsChunks();
    boolean reuse =
        keepAlive && !shared.draining() && (chunked || response.body() instanceof Body.Streamed);
    try (var out =
        new OutboundBody(
            context.channel(), shared.limits().seconds(Limit.RESPONSE_SECONDS), pieces)) {
      outbound = out;
      requireNotRevoked();
      out.start(shared.heads().head(response, reuse, chunked && !http2));
      writer.write(out);
      out.awaitSent();
      releasePlace();
      ChannelFuture last = out.end();
      body.close();
      last.addListener(_ -> context.executor().execute(() -> afterStream(reuse)));
    }
  }

  /**
   * Called after {@code outbound} is set: {@link #revoke} sets {@code revoked} first and reads
   * {@code outbound} after that, so one of the two sees the other.
   */
  private void requireNotRevoked() throws IOException {
    if (revoked) {
      throw new IOException(REVOKED);
    }
  }

  private void afterStream(boolean reuse) {
    answered = true;
    keepAlive &= reuse;
    if (!keepAlive && !http2) {
      context.close();
    } else {
      afterAnswer();
    }
  }

  /**
   * Sends the response. A client that got no 100 does not send its body, so its connection must
   * end.
   */
  private void sendResponse(Response response) {
    answered = true;
    boolean bodyIsMissing = expectsContinue && !received && !body.isReadStarted();
    keepAlive &= !shared.draining() && !bodyIsMissing;
    connection.write(context, request, head.forbidsResponseBody(), response, keepAlive);
    context.flush();
    afterAnswer();
  }

  private void afterAnswer() {
    if (received || !keepAlive) {
      connection.finished(context, keepAlive);
    } else {
      context.channel().config().setAutoRead(true);
    }
  }

  void abandon(IOException reason) {
    body.fail(reason);
    if (gathering) {
      body.close();
      release();
    }
  }
}
