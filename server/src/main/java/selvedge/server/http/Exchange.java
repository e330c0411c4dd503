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
import selvedge.server.api.LoopResult;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.FreshnessHeaders;

/**
 * One request and its answer.
 *
 * <p>Its fields belong to the event loop; the thread that makes the answer sees the request and
 * hands the answer back to the loop.
 */
final class Exchange {
  private static final String REVOKED = "the token was revoked or has expired";
  private static final long DRAIN_BYTES_SPARE = 1 << 20;

  /** A body up to here takes no thread before it is whole. */
  private static final long GATHERED_BYTES_MAX = InboundBody.HELD_BYTES_MAX / 2;

  /** Bodies up to here are bounded by the places for requests at work. */
  private static final long UNCOUNTED_BYTES_MAX = 4 * 1024;

  /** A body that was gathered is there once as it came, and once as the value that it is. */
  private static final long COPIES = 2;

  /** What a body that is read piece by piece takes: the pieces on their way, and two chunks. */
  private static final long INBOUND_BYTES = 768 * 1024;

  /** What an answer that is sent piece by piece takes: a chunk, and two pieces. */
  private static final long OUTBOUND_BYTES = 768 * 1024;

  private final ConnectionHandler exchanges;
  private final ChannelHandlerContext context;
  private final ServerContext shared;
  private final Head head;
  private final boolean http2;
  private final InboundBody body;
  private final Request request;
  private final boolean expectsContinue;
  private final long start = System.nanoTime();
  private boolean keepAlive;
  private boolean received;
  private boolean gathering;
  private boolean counted;
  private boolean enteredPlainly;
  private boolean answered;
  private long lastPiece = start;
  private long receivedBytes;
  private long drained;
  private volatile @Nullable Outbound outbound;
  private @Nullable Claim claim;
  private volatile boolean revoked;

  /** Belongs to the thread that makes the answer. */
  private boolean left;

  Exchange(
      ConnectionHandler exchanges,
      ChannelHandlerContext context,
      ServerContext shared,
      Head head,
      boolean hasBody,
      boolean http2) {
    this.exchanges = exchanges;
    this.context = context;
    this.shared = shared;
    this.head = head;
    this.http2 = http2;
    this.keepAlive = http2 || head.fields().keepAlive();
    this.expectsContinue = !http2 && hasBody && head.fields().waitToContinue();
    this.body =
        new InboundBody(
            shared.limits().seconds(Limit.BODY_SECONDS),
            shared.bodyRate(),
            () -> context.executor().execute(this::wanted));
    this.request = new DecodedRequest(head, body, hasBody, shared.loop(), this);
  }

  /** The names that the client has proved by a certificate. */
  List<String> peerNames() {
    return exchanges.peerNames();
  }

  /** What the request takes of what is shared; made when it is first needed. */
  Claim claim() {
    Claim known = claim;
    if (known == null) {
      known = new Claim(shared, request, context.channel());
      claim = known;
    }
    return known;
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

  /** Whether the client does not take the answer that is streamed to it. */
  boolean isStuck(long now) {
    Outbound out = outbound;
    return out != null && out.isStuck(now);
  }

  /** Whether nothing of the body has come for long, or too little on the whole. */
  boolean isTooSlow(long now) {
    long patience = shared.limits().seconds(Limit.BODY_SECONDS).toNanos();
    return now - lastPiece > patience
        || (now - start > patience && shared.bodyRate().isTooSlow(receivedBytes, now - start));
  }

  /** Whether its answer has not been made, or not been sent to its end. */
  boolean isAtWork() {
    return !answered;
  }

  /** Ends it, for its token holds no longer: by a refusal, or where its answer has come to. */
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

  /** Returns whether the connection goes on. */
  boolean answerFromLoop(Response response) {
    keepAlive &= !shared.draining();
    exchanges.write(context, request, head.asksForNoBody(), response, keepAlive);
    shared.meter().answered(request, response.status(), System.nanoTime() - start);
    return keepAlive;
  }

  /** Makes the read that is left, together with others. */
  void begin(LoopResult.Reading reading) {
    body.end();
    if (enters()) {
      shared.loop().shortReads().add(() -> run(reading), context.executor());
    }
  }

  /** Begins, or waits for a body that is small enough to wait for. */
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
   * No more of the request has come for now. A body that is waited for takes memory, and is waited
   * for only where the server looks at the request at all.
   */
  void pause() {
    if (!gathering || counted) {
      return;
    }
    counted = true;
    if (!claim().isAdmitted()) {
      gathered(false);
    } else if (!claim().tryHold(COPIES * request.contentLength().orElse(GATHERED_BYTES_MAX))) {
      gathering = false;
      refuse("the memory for bodies is in use");
    }
  }

  /** The rest of the body takes too long. */
  void stopGathering() {
    stopGathering(body.tooSlow());
  }

  /** Goes on without the rest of a body, which fails. */
  private void stopGathering(IOException reason) {
    body.fail(reason);
    gathered(false);
  }

  private void gathered(boolean whole) {
    if (gathering) {
      gathering = false;
      start(whole);
    }
  }

  private void start(boolean whole) {
    if (whole && !counted && !holdsWhole()) {
      refuse("the memory for bodies is in use");
    } else if (enters() && !(whole && goesOn())) {
      Thread.ofVirtual().name("request").start(whole ? this::run : this::runWithBody);
    }
  }

  /** Counts a body that has come all at once, unless it is small. */
  private boolean holdsWhole() {
    long length = request.contentLength().orElse(GATHERED_BYTES_MAX);
    return length <= UNCOUNTED_BYTES_MAX || claim().tryHold(COPIES * length);
  }

  private void refuse(String reason) {
    body.close();
    release();
    answered(shared.api().refusal(503, reason).header("Retry-After", "1"));
  }

  private boolean enters() {
    enteredPlainly = shared.enter();
    boolean entered = enteredPlainly || claim().enter();
    if (!entered) {
      refuse("too many requests at once");
    }
    return entered;
  }

  /** Goes on without a thread of its own, if that can be. */
  private boolean goesOn() {
    try {
      return shared.api().answerSoon(request, this::soon);
    } catch (RuntimeException e) {
      soon(
          () -> {
            throw e;
          });
      return true;
    }
  }

  private void soon(Supplier<Response> making) {
    context.executor().execute(() -> answerNow(making));
  }

  private void answerNow(Supplier<Response> making) {
    Response response = made(making);
    body.close();
    leave();
    answered(response);
    shared.meter().answered(request, response.status(), System.nanoTime() - start);
  }

  /** The reader wants bytes: tell a client that waits to be asked, and go on reading. */
  private void wanted() {
    if (expectsContinue && !answered && lastPiece == start && !received) {
      exchanges.sendContinue(context);
    }
    context.channel().config().setAutoRead(true);
  }

  void received(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      keepAlive = false;
      received = true;
      boolean late = answered;
      stopGathering(
          new MalformedBodyException(
              "the body is not HTTP: " + content.decoderResult().cause().getMessage()));
      if (late) {
        exchanges.finished(context, false);
      }
    } else {
      received(content.content(), content instanceof LastHttpContent);
    }
  }

  /** Takes a piece of the body over. Whoever answers finishes, unless the body is late. */
  void received(ByteBuf piece, boolean isLast) {
    lastPiece = System.nanoTime();
    receivedBytes += piece.readableBytes();
    boolean late = answered;
    drained += late ? piece.readableBytes() : 0;
    if (!body.offer(piece)) {
      context.channel().config().setAutoRead(false);
    }
    if (isLast) {
      received = true;
      body.end();
      gathered(true);
    }
    if (drained > shared.limits().get(Limit.VALUE_BYTES) + DRAIN_BYTES_SPARE) {
      context.close();
    } else if (late && received) {
      exchanges.finished(context, keepAlive);
    }
  }

  /** Makes the answer to a request whose body comes meanwhile. */
  private void runWithBody() {
    finish(
        made(
            () -> {
              if (claim().isAdmitted()) {
                long length = request.contentLength().orElse(INBOUND_BYTES);
                claim().hold(Math.min(INBOUND_BYTES, COPIES * length));
              }
              return shared.api().answer(request);
            }));
  }

  /** Makes the answer. Runs on a thread of its own, which may block. */
  private void run() {
    finish(made(() -> shared.api().answer(request)));
  }

  /** Likewise, on a thread that has others to make: what goes out piece by piece gets its own. */
  private void run(LoopResult.Reading reading) {
    Response response = made(reading.rest());
    if (response.body() instanceof Body.Held) {
      finish(response);
    } else {
      Thread.ofVirtual().name("request").start(() -> finish(response));
    }
  }

  private void finish(Response made) {
    Response response = valid(made);
    try {
      send(response);
    } catch (IOException e) {
      shared.log().debug("an answer was cut short: {}", e.getMessage());
      context.close();
    } catch (RuntimeException | Error e) {
      shared.log().error("an answer could not be finished", e);
      context.close();
    } finally {
      body.close();
      leave();
      release();
      shared.meter().answered(request, response.status(), System.nanoTime() - start);
    }
  }

  /** Gives up the place before the client can know, so that its next request finds it free. */
  private void leave() {
    if (!left) {
      left = true;
      if (enteredPlainly) {
        shared.leave();
      } else {
        claim().leave();
      }
      release();
    }
  }

  private void release() {
    Claim taken = claim;
    if (taken != null) {
      taken.release();
    }
  }

  private Response made(Supplier<Response> making) {
    try {
      return making.get();
    } catch (OverloadedException e) {
      return shared.api().refusal(503, String.valueOf(e.getMessage())).header("Retry-After", "1");
    } catch (LimitExceededException e) {
      return shared.api().refusal(413, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      shared.log().error("{} {} failed", request.method(), request.path(), e);
      return shared.api().refusal(500, "something is wrong in the server; its log says what");
    }
  }

  private void send(Response response) throws IOException {
    boolean headOnly = head.asksForNoBody();
    switch (response.body()) {
      case Body.Streamed streamed when !headOnly -> streamHeld(response, out -> out.send(streamed));
      case Body.Written written when !headOnly ->
          streamHeld(response, out -> written.output().writeTo(out));
      case Body.Live live when !headOnly -> {
        leave();
        stream(response, claim().pieces(), out -> live.output().writeTo(out));
      }
      case Body _ -> {
        body.close();
        leave();
        context.executor().execute(() -> answered(valid(response)));
      }
    }
  }

  /** A change that was made in time keeps its answer; everything else becomes a refusal. */
  private Response valid(Response response) {
    return revoked && (response.status() >= 400 || FreshnessHeaders.isRead(request))
        ? shared.api().refusal(request, 401, REVOKED)
        : response;
  }

  private interface Sending {
    void to(Outbound out) throws IOException;
  }

  /** An answer for which there is no memory is not begun. */
  private void streamHeld(Response response, Sending sending) throws IOException {
    try {
      claim().hold(OUTBOUND_BYTES);
    } catch (SelvedgeException e) {
      if (response.body() instanceof Body.Written written) {
        written.output().discard();
      }
      send(shared.api().refusal(503, String.valueOf(e.getMessage())).header("Retry-After", "1"));
      return;
    }
    stream(response, Outbound.Pieces.COUNTED, sending);
  }

  private void stream(Response response, Outbound.Pieces pieces, Sending sending)
      throws IOException {
    boolean chunked = head.fields().takeChunks();
    boolean reuse =
        keepAlive && !shared.draining() && (chunked || response.body() instanceof Body.Streamed);
    try (var out =
        new Outbound(context.channel(), shared.limits().seconds(Limit.RESPONSE_SECONDS), pieces)) {
      outbound = out;
      requireHeld();
      out.start(shared.heads().head(response, reuse, chunked && !http2));
      sending.to(out);
      out.awaitSent();
      leave();
      ChannelFuture last = out.end();
      body.close();
      last.addListener(_ -> context.executor().execute(() -> streamed(reuse)));
    }
  }

  /** Whoever sets {@code revoked} looks for the answer after that. */
  private void requireHeld() throws IOException {
    if (revoked) {
      throw new IOException(REVOKED);
    }
  }

  private void streamed(boolean reuse) {
    answered = true;
    keepAlive &= reuse;
    if (!keepAlive && !http2) {
      context.close();
    } else {
      afterAnswer();
    }
  }

  /** A client that was never told to go on does not send the body, so its connection ends. */
  private void answered(Response response) {
    answered = true;
    boolean neverAsked = expectsContinue && !received && !body.wasTouched();
    keepAlive &= !shared.draining() && !neverAsked;
    exchanges.write(context, request, head.asksForNoBody(), response, keepAlive);
    context.flush();
    afterAnswer();
  }

  private void afterAnswer() {
    if (received || !keepAlive) {
      exchanges.finished(context, keepAlive);
    } else {
      context.channel().config().setAutoRead(true);
    }
  }

  void abandoned(IOException reason) {
    body.fail(reason);
    if (gathering) {
      body.close();
      release();
    }
  }
}
