package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.server.api.v1.Attention.Level;
import selvedge.server.quota.Quota;
import selvedge.server.quota.QuotaBalance;
import tools.jackson.databind.json.JsonMapper;

/** The list has each thing that needs attention, with its urgency, and nothing else. */
final class AttentionTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final Attention attention = new Attention();

  private void status(String json) {
    attention.status(JsonMapper.shared().readTree(json.replace('\'', '"')));
  }

  private List<String> texts(Level level) {
    return attention.notices().stream()
        .filter(notice -> notice.level() == level)
        .map(notice -> notice.subject() + ": " + notice.text())
        .toList();
  }

  @Test
  void aHealthyServerNeedsNone() {
    attention.disk(50, 100, 10);
    attention.certificate(NOW.plus(Duration.ofDays(60)), NOW);
    attention.quota(new QuotaBalance(Quota.READS, 10, 100, NOW));
    status(
        "{'location':'main','edges':[{'told_millis_ago':500,'status':"
            + "{'location':'fra','connected':true,'age_millis':200}}]}");

    assertThat(attention.notices()).isEmpty();
  }

  @Test
  void aDiskThatIsNearlyFullIsSoonAndAFullOneIsWrong() {
    attention.disk(9_000_000, 100_000_000, 1_000_000);
    attention.disk(900_000, 100_000_000, 1_000_000);

    assertThat(texts(Level.SOON)).containsExactly("disk: Less than 10 % of the disk is free");
    assertThat(texts(Level.WRONG)).containsExactly("disk: The disk is full: puts are refused");
  }

  @Test
  void aCertificateThatEndsSoonIsSoonAndAnEndedOneIsWrong() {
    attention.certificate(NOW.plus(Duration.ofDays(20)), NOW);
    attention.certificate(NOW.minusSeconds(1), NOW);

    assertThat(texts(Level.SOON)).containsExactly("TLS: The certificate ends in 20 days");
    assertThat(texts(Level.WRONG))
        .containsExactly("TLS: The certificate has ended on 2026-11-30T11:59:59Z");
  }

  @Test
  void aQuotaThatIsNearlyUsedIsSoonAndAUsedOneIsWrong() {
    attention.quota(new QuotaBalance(Quota.WRITES, 950, 1000, NOW));
    attention.quota(new QuotaBalance(Quota.LISTS, 1000, 1000, NOW));

    assertThat(texts(Level.SOON)).containsExactly("quota: 950 of 1000 writes of today are used");
    assertThat(texts(Level.WRONG))
        .containsExactly("quota: All 1000 lists of today are used: more are refused");
  }

  @Test
  void anEdgeIsNamedThatIsBehindSilentRefusedOrAlone() {
    status(
        """
        {'location':'main','edges':[
          {'told_millis_ago':1,'status':{'location':'fra','connected':true,'age_millis':90000}},
          {'told_millis_ago':1,'status':{'location':'iad','connected':true,'age_millis':8000}},
          {'told_millis_ago':45000,'status':{'location':'nrt','connected':true,'age_millis':1}},
          {'told_millis_ago':1,'status':{'location':'gru','token_refused':true}},
          {'told_millis_ago':1,'status':{'location':'jnb','connected':false,'follows':'main'}}]}
        """);

    assertThat(texts(Level.SOON)).containsExactly("iad: 8 s behind, bound is 60 s");
    assertThat(texts(Level.WRONG))
        .containsExactly(
            "fra: 90 s behind, bound is 60 s",
            "nrt: No report for 45 s",
            "gru: Its token is refused",
            "jnb: Not connected to main");
  }

  @Test
  void aBlockedEdgeAndAForeignEdgeAreWrongAndLostChangesAreSoon() {
    status(
        """
        {'location':'main','unseen':[],
         'lineage_begun':{'at':'2026-11-30T12:00:00Z','agreed':22,'elsewhere':34},
         'refused':[{'cluster':'001c8ae15c363aa7','asked_millis_ago':900},
                    {'cluster':'0016606c3bbec9d0','asked_millis_ago':3600000}],
         'edges':[
          {'told_millis_ago':1,'status':{'location':'fra','unseen':['store.unseen-22-34']}},
          {'told_millis_ago':1,'status':{'location':'syd','blocked':'the disk is full'}}]}
        """);

    assertThat(texts(Level.SOON))
        .containsExactly(
            "main: A replica had more changes: a new lineage has begun",
            "fra: store.unseen-22-34 has changes that the origin does not have");
    assertThat(texts(Level.WRONG))
        .containsExactly(
            "main: An edge of the cluster 001c8ae15c363aa7 was refused",
            "syd: No snapshot can replace its store");
  }

  @Test
  void damageAndADoubtfulClockAreWrong() {
    status("{'location':'main','damage':['000012.sst'],'clock_doubt':'the clock went back'}");

    assertThat(texts(Level.WRONG))
        .containsExactly("main: Damage on disk", "main: The clock is not trusted");
  }
}
