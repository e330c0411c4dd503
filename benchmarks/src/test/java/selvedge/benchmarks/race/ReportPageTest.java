package selvedge.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportPageTest {
  private static final String PAGE =
      """
      # Benchmarks

      | # | work | target | measured | |
      | --- | --- | --- | --- | --- |
      | 1 | get | fast | old | met |
      | 2 | put | fast | old | met |
      | 10 | growth | flat | old | met |

      ## 1: get

      | old |

      ## 2: put

      ![chart](chart.svg)

      | old |

      ## 10: growth

      | old |
      """;

  @Test
  void aPageThatWasReadIsWrittenUnchanged() {
    assertThat(ReportPage.read(PAGE).text()).isEqualTo(PAGE);
  }

  @Test
  void aRunOfSomeContestsReplacesTheirResultsOnly() {
    var newer =
        new ReportPage(
            List.of("not used"),
            List.of("| 2 | put | fast | new | met |", "| 9 | stream | fast | new | met |"),
            List.of(
                new ReportPage.Section("## 2: put", List.of("| new |")),
                new ReportPage.Section("## 9: stream", List.of("| new |"))));

    String text = ReportPage.read(PAGE).replacedBy(newer).text();

    assertThat(text)
        .isEqualTo(
            """
            # Benchmarks

            | # | work | target | measured | |
            | --- | --- | --- | --- | --- |
            | 1 | get | fast | old | met |
            | 2 | put | fast | new | met |
            | 9 | stream | fast | new | met |
            | 10 | growth | flat | old | met |

            ## 1: get

            | old |

            ## 2: put

            | new |

            ## 9: stream

            | new |

            ## 10: growth

            | old |
            """);
  }
}
