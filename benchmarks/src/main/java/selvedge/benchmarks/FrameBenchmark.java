package selvedge.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.MessageWriter;

/** Measures the encoding and decoding of a change of 1 KiB in the feed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {
  private static final Message MESSAGE =
      new Message.Changed(
          new Change(
              new Version(42),
              Instant.EPOCH,
              new NamespaceId("a".repeat(32)),
              new Mutation.Put(
                  Key.of("key"),
                  Bytes.utf8("x".repeat(1024)),
                  Metadata.json("{\"n\":1}"),
                  Expiry.NEVER)));

  private byte[] frame = {};

  @Setup
  public void encode() throws IOException {
    var out = new ByteArrayOutputStream();
    new MessageWriter(out).write(MESSAGE);
    frame = out.toByteArray();
  }

  @Benchmark
  public int write() throws IOException {
    var out = new ByteArrayOutputStream(2048);
    new MessageWriter(out).write(MESSAGE);
    return out.size();
  }

  @Benchmark
  public Message read() throws IOException {
    var in = new ByteArrayInputStream(frame);
    return new MessageReader(in, MessageReader.IN_MEMORY).next();
  }
}
