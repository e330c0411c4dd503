package selvedge.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import selvedge.model.Bytes;
import selvedge.server.api.Api;
import selvedge.server.api.Body;
import selvedge.server.api.LoopResult;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;

/** An API whose paths produce each kind of response. */
final class EchoApi implements Api {
  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch cut = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final CountDownLatch liveEnds = new CountDownLatch(1);

  final AtomicInteger counted = new AtomicInteger();
  volatile boolean inMemory = true;

  /** Whether requests are admitted. */
  volatile boolean open = true;

  @Override
  public RequestOwner ownerOf(Request request) {
    return RequestOwner.OPEN;
  }

  @Override
  public boolean comparesConnections() {
    return false;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return switch (request.path()) {
      case "/now" -> now(text("at once"));
      case "/count" -> now(text("now " + counted.incrementAndGet()));
      case "/large-now" -> now(held(new byte[100_000]));
      case "/sometimes" -> inMemory ? now(text("from memory")) : Optional.empty();
      case "/short", "/short-endless", "/short-bug", "/short-error" ->
          Optional.of(new LoopResult.Reading(() -> answer(request)));
      case "/bug" -> throw new IllegalStateException("a bug");
      default -> Optional.empty();
    };
  }

  private static Optional<LoopResult> now(Response response) {
    return Optional.of(new LoopResult.Answered(response));
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return switch (request.path()) {
      case "/soon" -> {
        byte[] body = whole(request);
        entered.countDown();
        Thread.ofVirtual()
            .start(
                () -> {
                  await(release);
                  reply.answer(() -> held(body));
                });
        yield true;
      }
      case "/alone" -> {
        boolean alone = request.isAlone();
        reply.answer(() -> text(alone ? "alone" : "with others"));
        yield true;
      }
      case "/soon-thrown" -> throw new IllegalStateException("a bug before it is queued");
      case "/soon-bug" -> {
        reply.answer(
            () -> {
              throw new IllegalStateException("a bug");
            });
        yield true;
      }
      default -> false;
    };
  }

  private static byte[] whole(Request request) {
    try {
      return request.body().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Response answer(Request request) {
    try {
      return route(request);
    } catch (IOException e) {
      int status = e instanceof MalformedBodyException ? 400 : 408;
      return refusal(status, String.valueOf(e.getMessage()));
    }
  }

  private Response route(Request request) throws IOException {
    String path = request.path();
    if (path.startsWith("/target")) {
      return Response.text(200, "text/plain", request.path() + "|" + request.query());
    }
    return switch (path) {
      case "/echo" -> held(request.body().readAllBytes());
      case "/length" -> text("" + count(request.body()));
      case "/ignore" -> text("ignored").reason("I did not look");
      case "/header" -> text("ok").header("X-Back", request.header("X-Sent").orElse("none"));
      case "/large" -> {
        Bytes large = Bytes.adopt(new byte[3_000_000]);
        yield Response.of(200, new Body.Streamed(large, 1, large.length() - 1));
      }
      case "/written" ->
          Response.of(
              200,
              new Body.Written(
                  out -> {
                    for (int i = 0; i < 1000; i++) {
                      out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                  }));
      case "/live" ->
          Response.of(
              200,
              new Body.Live(
                  out -> {
                    out.write("live".getBytes(StandardCharsets.US_ASCII));
                    await(liveEnds);
                  }));
      case "/broken" ->
          Response.of(
              200,
              new Body.Written(
                  out -> {
                    out.write(new byte[200_000]);
                    throw new IOException("the disk has failed");
                  }));
      case "/short" -> text("short");
      case "/endless", "/short-endless" -> endless();
      case "/slow" -> {
        entered.countDown();
        await(release);
        yield text("slow");
      }
      case "/slow-refusal" -> {
        entered.countDown();
        await(release);
        yield refusal(400, "no token");
      }
      case "/sometimes" -> text("from a thread");
      case "/bug", "/short-bug" -> throw new IllegalStateException("a bug");
      case "/short-error" -> throw new StackOverflowError("a deep bug");
      default -> Response.text(404, "text/plain", "no " + path);
    };
  }

  private Response endless() {
    return Response.of(
        200,
        new Body.Written(
            out -> {
              try {
                while (true) {
                  out.write(new byte[8192]);
                }
              } catch (IOException e) {
                cut.countDown();
                throw e;
              }
            }));
  }

  private static Response text(String text) {
    return Response.text(200, "text/plain", text);
  }

  private static Response held(byte[] bytes) {
    return Response.of(200, new Body.Held(Bytes.adopt(bytes)));
  }

  private static long count(InputStream stream) throws IOException {
    byte[] buffer = new byte[8192];
    long total = 0;
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      total += n;
    }
    return total;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public boolean isAdmitted(Request request) {
    return open;
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    return refusal(status, message);
  }

  @Override
  public Response refusal(int status, String message) {
    return Response.text(status, "text/plain", message);
  }
}
