package selvedge.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** Checks the verdict and the chart of growth with given figures. */
final class GrowthTest {
  private final Growth growth =
      new Growth(new ManyKeys(Path.of(""), 10_000_000, new PrintWriter(Writer.nullWriter())));

  /** Returns standings in which only gets from disk become more expensive with more keys. */
  private static Standings standings(double more) {
    Standings standings = new Standings();
    double cpu = 10;
    for (long keys : new long[] {10_000, 100_000, 1_000_000, 10_000_000}) {
      for (String work : List.of("get from memory", "list of 100", "put", "get from disk")) {
        double micros = work.equals("get from disk") ? cpu : 10;
        standings.add(
            String.format(Locale.ROOT, "Selvedge, %s, %,d keys", work, keys),
            List.of(new Sample(1, 1, 1, micros)),
            0);
      }
      standings.add(
          String.format(Locale.ROOT, "RocksDB alone, %,d keys", keys),
          List.of(new Sample(1, 1, 1, cpu / 2)),
          0);
      cpu *= more;
    }
    return standings;
  }

  @Test
  void theChartHasABarForEachSizeAndOperation() throws Exception {
    Chart chart = growth.chart(standings(2)).orElseThrow();

    assertThat(chart.file()).isEqualTo("benchmarks-growth.svg");
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(1 + 5 * 4);
    assertThat(chart.svg()).contains("get from disk", "10,000,000 keys", "80.0 µs");
  }

  @Test
  void oneGrowingOperationMissesTheTarget() {
    assertThat(growth.judge(standings(1)).met()).isTrue();

    Contest.Verdict verdict = growth.judge(standings(2));

    assertThat(verdict.met()).isFalse();
    assertThat(verdict.measured())
        .contains("get from memory 1.00 ×", "get from disk 8.00 ×", "RocksDB alone 8.00 ×");
  }
}
