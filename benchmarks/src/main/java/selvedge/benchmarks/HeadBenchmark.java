package selvedge.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import selvedge.model.Bytes;
import selvedge.server.api.Body;
import selvedge.server.api.Response;
import selvedge.server.http.HttpDate;
import selvedge.server.http.PlainHead;
import selvedge.server.http.ResponseHeads;

/**
 * Measures the encoding of a response head, directly and with the encoder of Netty, and the parsing
 * of a request head.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {
  private final ResponseHeads heads = new ResponseHeads(new HttpDate(InstantSource.system()));
  private final ByteBuf out = Unpooled.directBuffer(1024);
  private final Response response =
      Response.of(
          200,
          new Body.Held(Bytes.utf8("x".repeat(1024))),
          new Response.Header("ETag", "\"42\""),
          new Response.Header("Selvedge-Version", "42"),
          new Response.Header("Content-Type", "application/octet-stream"),
          new Response.Header("Selvedge-As-Of", "4711"),
          new Response.Header("Selvedge-Age", "0"));
  private final byte[] request =
      ("GET /kv/n/key?urlencoded=true HTTP/1.1\r\nHost: 127.0.0.1:5820\r\n"
              + "Authorization: Bearer 0123456789abcdef0123456789abcdef\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  @Benchmark
  public int asBytes() {
    out.clear();
    heads.write(out, response, true);
    return out.readableBytes();
  }

  @Benchmark
  public int asObjects() {
    return heads.head(response, true, false).headers().size();
  }

  @Benchmark
  public @Nullable PlainHead parsed() {
    return PlainHead.of(request);
  }
}
