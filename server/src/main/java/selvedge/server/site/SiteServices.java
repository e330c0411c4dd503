package selvedge.server.site;

import java.util.Optional;
import java.util.function.Supplier;
import selvedge.engine.replication.Position;
import selvedge.engine.summary.Summaries;
import selvedge.model.AccountId;
import selvedge.model.Limits;
import selvedge.server.access.TokenGate;
import selvedge.server.access.TokenUse;
import selvedge.server.api.v1.EdgeFacts;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.audit.Audit;
import selvedge.server.quota.Allowance;
import selvedge.server.session.SessionCookies;

/**
 * What the protocols of a site need besides its engine.
 *
 * @param account of callers that name none
 * @param use of the tokens at this server
 * @param cookies of signed-in browsers
 * @param position returns the position of this process; empty while its age is not known
 * @param audit of the origin
 * @param facts receives what edges behind this server report beside their status
 * @param summaries of the store
 * @param claims decides about a replica that has changes which are missing here
 */
record SiteServices(
    Limits limits,
    AccountId account,
    TokenUse use,
    TokenGate gate,
    SessionCookies cookies,
    Allowance allowance,
    Supplier<Optional<Position>> position,
    StatusReport report,
    Audit audit,
    EdgeFacts.Receiver facts,
    Summaries summaries,
    FeedEndpoint.Claims claims) {}
